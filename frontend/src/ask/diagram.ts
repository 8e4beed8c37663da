import type { GivenRole } from "./roles";

/** A box of the diagram. */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** What the question is about, and what stands around it. */
  readonly main: boolean;
}

/** An arrow; dashed where no effect is expected. */
export interface Arrow {
  readonly id: string;
  readonly from: Point;
  readonly to: Point;
  readonly kind: "question" | "other" | "none-expected";
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** The same in sentences. */
  readonly words: readonly string[];
}

export const BOX_WIDTH = 132;
const GAP_X = 42;
const GAP_Y = 44;
const MARGIN = 8;
const LINE = 16;
const TITLE = 30;
const MOST_LINES = 4;
const MOST_LETTERS = 17;

type Place = readonly [column: 0 | 1 | 2, row: 0 | 1 | 2];

/** Where the roles of the picture stand; the other roles say what a row is and are told in words. */
const PLACES: Readonly<Record<string, Place>> = {
  treatment: [0, 1],
  treatment_start: [0, 1],
  outcome: [2, 1],
  confounder: [1, 0],
  baseline: [2, 0],
  instrument: [0, 2],
  modifier: [1, 2],
  negative_control: [2, 2],
};

/** Lays the picture of a question out: treatment to outcome, and what moves both above them. */
export function diagramOf(roles: readonly GivenRole[]): Diagram {
  const shown = merged(roles.filter(({ role }) => role in PLACES));
  const rows = [0, 1, 2].map((row) =>
    Math.max(0, ...shown.filter(({ place }) => place[1] === row).map(({ height }) => height)),
  );
  const tops: number[] = [];
  let y = MARGIN;
  for (const height of rows) {
    tops.push(y);
    y += height === 0 ? 0 : height + GAP_Y;
  }
  const boxes = shown.map(({ id, title, lines, height, place: [column, row] }): Box => {
    const room = (rows[row] ?? height) - height;
    const top = (tops[row] ?? 0) + room / 2;
    return { id, title, lines, height, x: MARGIN + column * (BOX_WIDTH + GAP_X), y: top, main: row === 1 };
  });
  const width = 2 * MARGIN + 3 * BOX_WIDTH + 2 * GAP_X;
  return {
    width,
    height: Math.max(y - GAP_Y + MARGIN, 2 * MARGIN),
    boxes,
    arrows: arrowsOf(boxes),
    words: wordsOf(roles),
  };
}

/** Roles that stand in the same place are one box. */
function merged(roles: readonly GivenRole[]) {
  const byPlace = new Map<string, GivenRole[]>();
  for (const role of roles) {
    const key = String(PLACES[role.role]);
    byPlace.set(key, [...(byPlace.get(key) ?? []), role]);
  }
  return [...byPlace.values()].flatMap((group) => {
    const [first] = group;
    const place = first && PLACES[first.role];
    if (!first || !place) {
      return [];
    }
    const id = first.role === "treatment_start" ? "treatment" : first.role;
    const lines = linesOf(group.flatMap(({ columns }) => columns));
    return [{ id, title: first.title, lines, place, height: TITLE + lines.length * LINE + 6 }];
  });
}

function linesOf(columns: readonly string[]): string[] {
  const short = columns.map((name) => (name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name));
  return short.length <= MOST_LINES
    ? short
    : [...short.slice(0, MOST_LINES - 1), `and ${short.length - MOST_LINES + 1} more`];
}

function arrowsOf(boxes: readonly Box[]): Arrow[] {
  const box = (id: string) => boxes.find((one) => one.id === id);
  const [treatment, outcome, control] = [box("treatment"), box("outcome"), box("negative_control")];
  const arrows: Arrow[] = [];
  const draw = (from: Box | undefined, to: Box | undefined, kind: Arrow["kind"] = "other") => {
    if (from && to) {
      arrows.push({ id: `${from.id}-${to.id}`, ...between(from, to), kind });
    }
  };
  draw(treatment, outcome, "question");
  draw(box("confounder"), treatment);
  draw(box("confounder"), outcome);
  draw(box("baseline"), outcome);
  draw(box("instrument"), treatment);
  draw(treatment, control, "none-expected");
  const modifier = box("modifier");
  if (modifier && treatment && outcome) {
    const middle = { x: (right(treatment) + outcome.x) / 2, y: (centre(treatment) + centre(outcome)) / 2 };
    arrows.push({
      id: "modifier-effect",
      from: { x: modifier.x + BOX_WIDTH / 2, y: modifier.y },
      to: middle,
      kind: "other",
    });
  }
  return arrows;
}

/** Side by side: from edge to edge. Above one another: from below to above, towards the other's middle. */
function between(from: Box, to: Box): { from: Point; to: Point } {
  if (from.main === to.main) {
    return { from: { x: right(from), y: centre(from) }, to: { x: to.x, y: centre(to) } };
  }
  const isAbove = from.y < to.y;
  const lean = Math.sign(to.x - from.x);
  const half = BOX_WIDTH / 2;
  return {
    from: { x: from.x + half + lean * half * 0.6, y: isAbove ? from.y + from.height : from.y },
    to: { x: to.x + half - lean * half * 0.5, y: isAbove ? to.y : to.y + to.height },
  };
}

function right({ x }: Box): number {
  return x + BOX_WIDTH;
}

function centre({ y, height }: Box): number {
  return y + height / 2;
}

/** The question in sentences: what the picture shows, and what it cannot. */
export function wordsOf(roles: readonly GivenRole[]): string[] {
  const of = (...names: string[]) => {
    const columns = roles.filter(({ role }) => names.includes(role)).flatMap((role) => role.columns);
    return columns.length > 0 ? listed(columns) : undefined;
  };
  const [treatment, outcome] = [of("treatment", "treatment_start"), of("outcome")];
  const sentences = [
    treatment !== undefined && outcome !== undefined && `Did ${treatment} move ${outcome}?`,
    said(of("confounder"), (names) => `Held fixed, because it may have moved both: ${names}.`),
    said(of("baseline"), (names) => `${names} is the outcome before.`),
    said(of("instrument"), (names) => `${names} is taken to move the outcome through the treatment alone.`),
    said(of("modifier"), (names) => `The effect may differ by ${names}.`),
    said(
      of("negative_control"),
      (names) => `No effect is expected on ${names}; one would be a sign against the answer.`,
    ),
    rowsOf(of("unit"), of("time")),
    said(of("cluster"), (names) => `Rows with the same ${names} are not independent of one another.`),
    said(of("weight"), (names) => `Rows count by ${names}.`),
  ];
  const known = new Set([...Object.keys(PLACES), "unit", "time", "cluster", "weight"]);
  const others = roles
    .filter(({ role }) => !known.has(role))
    .map(({ title, columns }) => `${title}: ${listed(columns)}.`);
  return [...sentences, ...others].filter((sentence) => typeof sentence === "string");
}

function said(names: string | undefined, say: (names: string) => string): string | undefined {
  return names === undefined ? undefined : say(names);
}

function rowsOf(unit: string | undefined, time: string | undefined): string | undefined {
  if (unit !== undefined && time !== undefined) {
    return `A row is one ${unit} at one ${time}; each ${unit} is compared with itself before.`;
  }
  return (
    said(unit, (name) => `Rows of the same ${name} are followed.`) ??
    said(time, (name) => `Before and after are told by ${name}.`)
  );
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
