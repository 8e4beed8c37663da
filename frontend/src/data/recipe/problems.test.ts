import { expect, test } from "vitest";

import { ApiProblem } from "../../api/problem";
import { problemsInFailure, problemsOf } from "./problems";

test("a refused recipe tells its problems by step", () => {
  const body = {
    type: "urn:e2i:problem:invalid-parameters",
    title: "Invalid parameters",
    status: 422,
    errors: [
      { pointer: "/steps/1/from/log/column", detail: "`a` holds text values" },
      { pointer: "/steps", detail: "51 steps are not possible" },
    ],
  };
  expect(problemsOf(new ApiProblem(422, body))).toEqual([
    { step: 1, detail: "`a` holds text values" },
    { step: undefined, detail: "51 steps are not possible" },
  ]);
  expect(problemsOf(new ApiProblem(404, { type: "x", title: "x", status: 404 }))).toEqual([]);
  expect(problemsOf(new Error("x"))).toEqual([]);
});

test("a version that failed on its rows tells them too", () => {
  const detail = "/steps/0: `re75` is zero or negative in 289 rows; use log1p; /steps/12/carry/0: unit `8` has two";
  expect(problemsInFailure(detail)).toEqual([
    { step: 0, detail: "`re75` is zero or negative in 289 rows; use log1p" },
    { step: 12, detail: "unit `8` has two" },
  ]);
  expect(problemsInFailure("the worker ran out of memory")).toEqual([]);
});
