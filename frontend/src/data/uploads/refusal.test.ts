import { expect, test } from "vitest";

import { ApiProblem } from "../../api/problem";
import { keptProblem, refusalOf } from "./refusal";

function problem(members: object) {
  const body = { type: "urn:e2i:problem:not-a-table", title: "Not a table", status: 422, ...members };
  return new ApiProblem(422, body);
}

test("line, column and reason are told apart", () => {
  const ragged = problem({ detail: "line 3: 1 fields where the header has 2; look for a delimiter", line: 3 });
  expect(refusalOf(ragged)).toEqual({
    places: ["Line 3"],
    detail: "1 fields where the header has 2; look for a delimiter.",
    sheets: [],
  });
  expect(refusalOf(problem({ detail: "x", line: 2, column: 5, cell: "E2" })).places).toEqual([
    "Line 2",
    "Column 5",
    "Cell E2",
  ]);
});

test("a workbook with several sheets names them", () => {
  const several = problem({ detail: "two sheets", reason: "several_sheets", sheets: ["Q1", "Q2"] });
  expect(refusalOf(several).sheets).toEqual(["Q1", "Q2"]);
});

test("a problem that was kept is the one that was answered", () => {
  expect(keptProblem(problem({ detail: "line 9: no" }).body)?.message).toBe("line 9: no");
  expect(keptProblem(null)).toBeUndefined();
  expect(keptProblem({ title: "x" })).toBeUndefined();
});
