import type { Field } from "./schema";
import type { Values } from "./values";

/** A role with its columns, placed. */
export interface Node {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly x: number;
  readonly y: number;
}

/** What is assumed, or asked, to move what. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** The effect that the question is about. */
  readonly isAsked: boolean;
}

export interface Diagram {
  readonly nodes: readonly Node[];
  readonly arrows: readonly Arrow[];
  /** The same in words. */
  readonly words: string;
  readonly height: number;
}

const [LEFT, MIDDLE, RIGHT] = [72, 220, 368];
const [TOP, LOWER, BELOW] = [30, 120, 200];

/** Roles that move both cause and outcome, and so must be held fixed. */
const COMMON_CAUSES = ["confounder", "baseline"];
/** Roles that the cause moves, if at all, where it should not. */
const UNTOUCHED = ["negative_control"];

/** The causal diagram that the roles of a question amount to. Roles that say who and when are no causes: not drawn. */
export function diagramOf(fields: readonly Field[], values: Values): Diagram {
  const filled = fields.flatMap((field) => {
    const columns = [values[field.name]].flat().filter((one): one is string => typeof one === "string" && one !== "");
    return field.role !== undefined && columns.length > 0 ? [{ field, role: field.role, columns }] : [];
  });
  const cause =
    filled.find(({ role }) => role === "treatment") ?? filled.find(({ role }) => role === "treatment_start");
  const outcome = filled.find(({ role }) => role === "outcome");
  if (!cause || !outcome) {
    return { nodes: [], arrows: [], words: "", height: 0 };
  }
  const causes = filled.filter(({ role }) => COMMON_CAUSES.includes(role));
  const untouched = filled.filter(({ role }) => UNTOUCHED.includes(role));
  const row = causes.length > 0 ? LOWER : TOP;
  const node = ({ field, columns }: (typeof filled)[number], x: number, y: number): Node => {
    return { id: field.name, title: field.title, columns, x, y };
  };
  const places = spread(causes.length);
  const nodes = [
    node(cause, LEFT, row),
    node(outcome, RIGHT, row),
    ...causes.map((one, index) => node(one, places[index] ?? MIDDLE, TOP)),
    ...untouched.map((one) => node(one, RIGHT, row + BELOW - LOWER)),
  ];
  const [from, to] = [cause.field.name, outcome.field.name];
  const arrows = [
    { from, to, isAsked: true },
    ...causes.flatMap(({ field }) => [from, to].map((end) => ({ from: field.name, to: end, isAsked: false }))),
  ];
  return {
    nodes,
    arrows,
    words: inWords(cause.columns, outcome.columns, causes, untouched),
    height: (untouched.length > 0 ? row + BELOW - LOWER : row) + 30,
  };
}

function spread(count: number): number[] {
  return count === 2 ? [LEFT + 75, RIGHT - 75] : [MIDDLE];
}

function inWords(
  cause: readonly string[],
  outcome: readonly string[],
  causes: readonly { columns: readonly string[] }[],
  untouched: readonly { columns: readonly string[] }[],
): string {
  const held = causes.flatMap(({ columns }) => columns);
  const controls = untouched.flatMap(({ columns }) => columns);
  const question = `Asked: does ${cause.join(" and ")} move ${outcome.join(" and ")}?`;
  const assumed = held.length > 0 ? ` Held fixed, as they may move both: ${listed(held)}.` : " Nothing is held fixed.";
  const untouchedWords = controls.length > 0 ? ` Not moved, as a check: ${listed(controls)}.` : "";
  return question + assumed + untouchedWords;
}

function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, 8).join(", ");
  return columns.length > 8 ? `${shown} and ${columns.length - 8} more` : shown;
}
