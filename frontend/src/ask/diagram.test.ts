import { expect, test } from "vitest";

import { BOX_WIDTH, diagramOf } from "./diagram";

const role = (name: string, ...columns: string[]) => ({ role: name, title: name, columns });

test("treatment leads to outcome, what is held fixed to both", () => {
  const { boxes, arrows, words } = diagramOf([
    role("outcome", "sales"),
    role("treatment", "visit"),
    role("confounder", "age", "region", "size", "specialty", "volume"),
  ]);
  expect(arrows.map(({ id }) => id)).toEqual(["treatment-outcome", "confounder-treatment", "confounder-outcome"]);
  expect(boxes.find(({ id }) => id === "confounder")?.lines).toEqual(["age", "region", "size", "and 2 more"]);
  expect(words).toEqual([
    "Did visit move sales?",
    "Held fixed, because it may have moved both: age, region, size, specialty and volume.",
  ]);
});

test("every role has a place of its own within the picture", () => {
  const names = ["outcome", "treatment", "confounder", "baseline", "instrument", "modifier", "negative_control"];
  const { boxes, arrows, width, height } = diagramOf(names.map((name) => role(name, "x")));
  expect(boxes).toHaveLength(names.length);
  for (const box of boxes) {
    expect(box.x >= 0 && box.x + BOX_WIDTH <= width && box.y >= 0 && box.y + box.height <= height).toBe(true);
  }
  const apart = boxes.every((one) =>
    boxes.every(
      (other) =>
        one === other ||
        one.x + BOX_WIDTH <= other.x ||
        other.x + BOX_WIDTH <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y,
    ),
  );
  expect(apart).toBe(true);
  expect(arrows.find(({ id }) => id === "treatment-negative_control")?.kind).toBe("none-expected");
  expect(arrows.map(({ id }) => id)).toContain("modifier-effect");
});

test("a panel is told in words", () => {
  const { words, boxes } = diagramOf([
    role("outcome", "prescriptions"),
    role("treatment_start", "start"),
    role("unit", "doctor"),
    role("time", "month"),
    role("tide", "moon"),
  ]);
  expect(boxes.map(({ id }) => id)).toEqual(["outcome", "treatment"]);
  expect(words).toContain("A row is one doctor at one month; each doctor is compared with itself before.");
  expect(words).toContain("tide: moon.");
});

test("nothing chosen is an empty picture", () => {
  expect(diagramOf([])).toMatchObject({ boxes: [], arrows: [], words: [] });
});
