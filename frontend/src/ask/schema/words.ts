import type { JsonSchema } from "./jsonSchema";

/** A name as a title: `max_rows` is "Max rows". */
export function humanised(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/gu, "$1 $2")
    .replaceAll(/[_\-.]+/gu, " ")
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value as the title of a choice; what is an abbreviation by its description is written like one. */
export function choiceLabel(value: unknown, title: string | undefined, description: string | undefined): string {
  if (title !== undefined) {
    return title;
  }
  if (typeof value !== "string") {
    return typeof value === "boolean" ? (value ? "Yes" : "No") : JSON.stringify(value);
  }
  const words = value.split(/[_\-\s]+/u).map((word) => (isAbbreviation(word, description) ? word.toUpperCase() : word));
  const label = words.join(" ");
  return label.charAt(0).toUpperCase() + label.slice(1);
}

/** `hc3` by its digit; `aipw` where the description spells it, "Augmented inverse propensity weighting". */
function isAbbreviation(word: string, description = ""): boolean {
  if (/^[a-z]{1,4}\d$/u.test(word)) {
    return true;
  }
  if (word.length < 3 || word.length > 5) {
    return false;
  }
  const initials = description
    .split(/[^\p{L}]+/u)
    .map((other) => other.charAt(0))
    .join("");
  return initials.toLowerCase().includes(word);
}

/** What number is asked for: "a whole number from 2 to 50". */
export function numberWords(rules: JsonSchema): string {
  const what = rules.type === "integer" ? "a whole number" : "a number";
  const least = textOf(rules["minimum"]);
  const most = textOf(rules["maximum"]);
  const above = textOf(rules["exclusiveMinimum"]);
  const below = textOf(rules["exclusiveMaximum"]);
  if (least !== undefined && most !== undefined) {
    return `${what} from ${least} to ${most}`;
  }
  const bounds = [
    least === undefined ? undefined : `${least} or more`,
    above === undefined ? undefined : `above ${above}`,
    most === undefined ? undefined : `at most ${most}`,
    below === undefined ? undefined : `below ${below}`,
  ].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? what : `${what}, ${bounds.join(", ")}`;
}

function textOf(bound: unknown): string | undefined {
  return typeof bound === "number" ? String(bound) : undefined;
}

/** Names of parameters between backticks become their titles in quotes; other names keep the quotes. */
export function withTitles(
  text: string,
  fields: readonly { readonly path: readonly string[]; readonly title: string }[],
) {
  return text.replaceAll(/`([^`]+)`/gu, (_, name: string) => {
    const field = fields.find(({ path }) => path.at(-1) === name);
    return `“${field?.title ?? name}”`;
  });
}

const SHORT = 110;

/** The beginning of a help text, whole sentences, and the rest. */
export function beginning(text: string): { readonly first: string; readonly rest: string } {
  const sentences = text.match(/.+?[.!?](?=\s+\p{Lu}|\s*$)|.+$/gu) ?? [text];
  let first = "";
  for (const sentence of sentences) {
    if (first !== "" && first.length + sentence.length > SHORT) {
      break;
    }
    first += sentence;
  }
  return { first: first.trim(), rest: text.slice(first.length).trim() };
}
