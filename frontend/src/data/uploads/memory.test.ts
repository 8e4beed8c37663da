import type { PreviousUpload, UrlStorage } from "tus-js-client";
import { expect, test } from "vitest";

import { differenceFrom, fingerprintOf, forget, isSameFile, metadataOf, remembered } from "./memory";

const task = {
  file: new File(["a,b\n"], "sales.csv", { type: "text/csv", lastModified: 5 }),
  name: "sales",
  workspaceId: "w1",
};

function storageWith(...users: string[]): UrlStorage & { readonly kept: PreviousUpload[] } {
  const kept = users.map((user, index) => ({
    size: task.file.size,
    metadata: metadataOf(task, user),
    creationTime: "",
    urlStorageKey: `key${index}`,
    uploadUrl: `http://platform/api/v1/uploads/id${index}`,
    parallelUploadUrls: null,
  }));
  return {
    kept,
    findAllUploads: () => Promise.resolve([...kept]),
    findUploadsByFingerprint: () => Promise.resolve([]),
    addUpload: () => Promise.resolve("key"),
    removeUpload: (key) => {
      kept.splice(
        kept.findIndex(({ urlStorageKey }) => urlStorageKey === key),
        1,
      );
      return Promise.resolve();
    },
  };
}

test("a person sees their own unfinished uploads alone", async () => {
  const storage = storageWith("ann", "bob");
  const [mine, ...rest] = await remembered(storage, "ann", "w1");
  expect(rest).toEqual([]);
  expect(mine).toMatchObject({ id: "id0", name: "sales", fileName: "sales.csv", sizeBytes: 4, lastModified: 5 });
  expect(await remembered(storage, "ann", "w2")).toEqual([]);
});

test("what has ended is forgotten", async () => {
  const storage = storageWith("ann", "bob");
  await forget(storage, "http://platform/api/v1/uploads/id0");
  expect(storage.kept.map(({ uploadUrl }) => uploadUrl)).toEqual(["http://platform/api/v1/uploads/id1"]);
});

test("only the same file can go on", async () => {
  const [known] = await remembered(storageWith("ann"), "ann", "w1");
  if (!known) {
    throw new Error("it was not remembered");
  }
  expect(isSameFile(task.file, known)).toBe(true);
  const changed = (content: string, name: string, lastModified: number) => new File([content], name, { lastModified });
  expect(differenceFrom(changed("a,b\n", "other.csv", 5), known)).toContain("other.csv");
  expect(differenceFrom(changed("a,b,c\n", "sales.csv", 5), known)).toContain("size");
  expect(differenceFrom(changed("c,d\n", "sales.csv", 6), known)).toContain("changed");
});

test("another name, place or person is another upload", () => {
  const prints = [
    fingerprintOf(task, "ann"),
    fingerprintOf(task, "bob"),
    fingerprintOf({ ...task, name: "x" }, "ann"),
    fingerprintOf({ ...task, workspaceId: "w2" }, "ann"),
  ];
  expect(new Set(prints).size).toBe(4);
});
