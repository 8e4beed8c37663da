import { describe, expect, it } from "vitest";

import { diskShares } from "./disk";

const disk = (used: number, ...sizes: number[]) => ({
  total_bytes: 100,
  free_bytes: 100 - used,
  used_share: used / 100,
  level: "ok" as const,
  parts: sizes.map((size_bytes, index) => ({ name: `part ${index}`, size_bytes })),
});

describe("the shares of a disk", () => {
  it("are the known parts, the largest first, and the rest", () => {
    const shares = diskShares(disk(60, 10, 30, 0));
    expect(shares.map(({ name, share }) => [name, share])).toEqual([
      ["part 1", 0.3],
      ["part 0", 0.1],
      ["everything else", 0.2],
    ]);
  });

  it("have no rest where the parts count more than is used, and none on no disk", () => {
    expect(diskShares(disk(10, 20)).map(({ name }) => name)).toEqual(["part 0"]);
    expect(diskShares({ ...disk(0), total_bytes: 0, free_bytes: 0 })).toEqual([]);
  });

  it("have a colour each, however many they are", () => {
    const shares = diskShares(disk(90, ...Array.from({ length: 12 }, () => 5)));
    expect(shares.every(({ color }) => color !== "")).toBe(true);
  });
});
