import type { Field } from "./schema/fields";

/**
 * Which column field another field belongs to, by the words of the schema.
 *
 * A text that asks for a value ("Treated value") is about the values of the column field whose words it shares
 * ("Treatment"); a list of columns without a role ("Squared covariates") chooses among those of a list that its title
 * names ("Covariates"). Such fields are drawn below their owner and offer what it holds. Without an owner a field is
 * drawn by itself, as a plain text or with all columns.
 */
export function ownerOf(field: Field, all: readonly Field[]): Field | undefined {
  if (isValueField(field)) {
    const words = stems(`${nameOf(field)} ${field.title} ${field.help ?? ""}`);
    return closest(words, all, ({ control, role }) => control.kind === "column" && role !== undefined);
  }
  if (field.control.kind === "columns" && field.role === undefined) {
    return closest(stems(field.title), all, ({ control, role }) => control.kind === "columns" && role !== undefined);
  }
  return undefined;
}

function isValueField({ control, title, path }: Field): boolean {
  return (
    control.kind === "text" &&
    /\b(value|level|category|group|arm)s?\b/iu.test(`${title} ${path.at(-1) ?? ""}`.replaceAll("_", " "))
  );
}

/** The one that shares the most words; of several the one with the fewest words beside them. */
function closest(words: ReadonlySet<string>, all: readonly Field[], may: (field: Field) => boolean): Field | undefined {
  let best: { field: Field; shared: number; share: number } | undefined;
  for (const field of all.filter(may)) {
    const own = stems(`${nameOf(field)} ${field.title}`);
    const shared = [...own].filter((word) => words.has(word)).length;
    const share = shared / own.size;
    if (shared > 0 && (!best || shared > best.shared || (shared === best.shared && share > best.share))) {
      best = { field, shared, share };
    }
  }
  return best?.field;
}

function nameOf({ path }: Field): string {
  return (path.at(-1) ?? "").replaceAll("_", " ");
}

/** Words that say nothing about which field is meant. */
const COMMON = new Set(
  "which what that those these whose with without have been from they each other others means given when where than value values level levels column columns number numbers".split(
    " ",
  ),
);
const STEM = 5;

/** The beginnings of the words of a text: "treated" and "treatment" begin alike. */
export function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return new Set(words.filter((word) => !COMMON.has(word)).map((word) => word.slice(0, STEM).replace(/s$/u, "")));
}
