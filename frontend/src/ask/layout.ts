import { ownerOf, stems } from "./owners";
import { type Field, flattened } from "./schema/fields";

/** Fields under one heading. */
export interface Section {
  readonly title: string;
  readonly about: string;
  readonly fields: readonly Field[];
}

/** Where each field of a form goes. */
export interface Layout {
  /** The roles, in the order in which they are explained. */
  readonly roles: readonly Section[];
  /** Choices and facts that matter for most questions. */
  readonly options: readonly Field[];
  /** Everything else: defaults that are good for most. */
  readonly advanced: readonly Field[];
  /** By a field's pointer: those drawn below it once it has a column. */
  readonly below: ReadonlyMap<string, readonly Field[]>;
}

interface Group {
  readonly title: string;
  readonly about: string;
  readonly roles: readonly string[];
}

/** The roles that agents may name (`x-role`), as a person would explain a question. */
const GROUPS: readonly Group[] = [
  {
    title: "The question",
    about: "What may have moved what.",
    roles: ["outcome", "treatment", "treatment_start"],
  },
  {
    title: "What to hold fixed",
    about: "What may have moved both: without it, its effect is taken for that of the treatment.",
    roles: ["confounder", "baseline", "modifier", "instrument"],
  },
  {
    title: "What a row is",
    about: "Leave this empty where every row is something of its own, such as one person or one shop.",
    roles: ["unit", "time", "cluster", "weight"],
  },
  {
    title: "Checks",
    about: "What shows that something else was at work.",
    roles: ["negative_control"],
  },
];
const OTHER_COLUMNS = { title: "More columns", about: "What else this agent asks for." };

/** How many choices may stand open on the page. */
const FEW_CHOICES = 3;

/** Lays a form out by roles and kinds of fields alone. */
export function layoutOf(fields: readonly Field[]): Layout {
  const all = flattened(fields);
  const below = new Map<string, Field[]>();
  const roles = GROUPS.map(({ roles: names }) =>
    names.map((name): Field[] => fields.filter(({ role }) => role === name)),
  );
  const known = new Set(roles.flat(2));
  const others = fields.filter((field) => field.role !== undefined && !known.has(field));
  const options: Field[] = [];
  const advanced: Field[] = [];
  for (const field of fields.filter(({ role }) => role === undefined)) {
    const owner = ownerOf(field, all);
    if (owner) {
      below.set(owner.pointer, [...(below.get(owner.pointer) ?? []), field]);
    } else if (isColumns(field) && field.required) {
      others.push(field);
    } else {
      (isPlain(field) ? options : advanced).push(field);
    }
  }
  const sections = GROUPS.map(({ title, about }, index) => ({ title, about, fields: (roles[index] ?? []).flat() }));
  return {
    roles: [...sections, { ...OTHER_COLUMNS, fields: others }].filter((section) => section.fields.length > 0),
    options: options.toSorted((left, right) => rank(left) - rank(right)),
    advanced: advanced.toSorted((left, right) => rank(left) - rank(right)),
    below,
  };
}

function isColumns({ control }: Field): boolean {
  return control.kind === "column" || control.kind === "columns";
}

/**
 * What stands open: what must be given, choices among few, and facts about the world (numbers without an upper bound
 * and without a default, such as a cost). Numbers within bounds are settings; settings have good defaults.
 */
function isPlain({ control, required, default: fallback }: Field): boolean {
  if (
    required ||
    (control.kind === "object" && flattened(control.fields).some((field) => field.required || field.role))
  ) {
    return true;
  }
  if (control.kind === "choice") {
    return control.choices.length <= FEW_CHOICES;
  }
  const isFact = fallback === undefined || fallback === null;
  return control.kind === "number" && isFact && control.rules["maximum"] === undefined;
}

const RANKS: readonly string[] = [
  "choice",
  "number",
  "text",
  "choices",
  "texts",
  "column",
  "columns",
  "boolean",
  "object",
];

function rank({ required, control }: Field): number {
  const kind = RANKS.indexOf(control.kind);
  return (required ? 0 : 100) + (kind === -1 ? RANKS.length : kind);
}

/**
 * Whether a choice has nothing to decide yet: its words name what a row is ("units of a panel") and no such column is
 * chosen. It is folded then, never hidden.
 */
export function isIdle(field: Field, fields: readonly Field[], isGiven: (field: Field) => boolean): boolean {
  if (field.control.kind !== "choice" || field.required) {
    return false;
  }
  const words = stems(`${field.title} ${field.help ?? ""}`);
  const rowRoles = GROUPS[2]?.roles ?? [];
  const named = fields.filter(
    (other) => rowRoles.includes(other.role ?? "") && [...stems(other.title)].some((stem) => words.has(stem)),
  );
  return named.length > 0 && !named.some(isGiven);
}
