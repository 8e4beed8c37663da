import { expect, test } from "vitest";

import type { AuthorizedFetch } from "../api/fetch";
import { uploadBlob } from "./uploadBlob";

const WORKSPACE = "2ab6b1d1-4fc1-4451-a767-45f4057db968";

function answering(status: number, body: object) {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const fetch: AuthorizedFetch = (input, init) => {
    requests.push({ url: input instanceof Request ? input.url : input, init });
    return Promise.resolve(Response.json(body, { status }));
  };
  return { fetch, requests };
}

test("a table is sent whole, under its name, to its workspace", async () => {
  const { fetch, requests } = answering(201, { id: "d1", version: 1 });
  const blob = new Blob(["a,b\n1,2\n"], { type: "text/csv" });
  const dataset = await uploadBlob(fetch, { blob, name: "Umsätze & more", workspaceId: WORKSPACE });
  expect(dataset.id).toBe("d1");
  expect(requests).toHaveLength(1);
  const url = new URL(requests[0]?.url ?? "", "http://platform");
  expect(url.pathname).toBe("/api/v1/datasets");
  expect(Object.fromEntries(url.searchParams)).toEqual({ name: "Umsätze & more", workspace_id: WORKSPACE });
  expect(requests[0]?.init?.body).toBe(blob);
});

test("a sheet and tabs are named", async () => {
  const { fetch, requests } = answering(201, { id: "d1" });
  const blob = new Blob(["a\tb\n"], { type: "text/tab-separated-values" });
  await uploadBlob(fetch, { blob, name: "x", workspaceId: WORKSPACE, sheet: "Q1 2026" });
  expect(requests[0]?.url).toContain("sheet=Q1+2026");
  expect(requests[0]?.init?.headers).toEqual({ "content-type": "text/tab-separated-values" });
});

test("a refusal is thrown with what the platform says", async () => {
  const problem = { type: "urn:e2i:problem:not-a-table", title: "Not a table", status: 422, detail: "line 3 ..." };
  const { fetch } = answering(422, problem);
  const sent = uploadBlob(fetch, { blob: new Blob(["a"]), name: "x", workspaceId: WORKSPACE });
  await expect(sent).rejects.toMatchObject({ kind: "not-a-table", message: "line 3 ..." });
});
