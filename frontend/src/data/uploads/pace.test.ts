import { expect, test } from "vitest";

import { PaceMeter } from "./pace";

test("the pace is that of the last seconds, not of the whole", () => {
  const meter = new PaceMeter();
  expect(meter.at(0, 0, 10_000)).toBeUndefined();
  expect(meter.at(500, 400, 10_000)).toBeUndefined();
  expect(meter.at(2000, 2000, 10_000)).toEqual({ bytesPerSecond: 1000, secondsLeft: 8 });
  const slower = meter.at(22_000, 2000, 10_000);
  expect(slower, "nothing came for twenty seconds").toBeUndefined();
  expect(meter.at(24_000, 2200, 10_000)).toEqual({ bytesPerSecond: 100, secondsLeft: 78 });
});

test("what is sent again does not count as backwards", () => {
  const meter = new PaceMeter();
  meter.at(0, 8000, 10_000);
  expect(meter.at(3000, 4000, 10_000)).toBeUndefined();
  expect(meter.at(5000, 6000, 10_000)).toEqual({ bytesPerSecond: 1000, secondsLeft: 4 });
});
