import { type JsonSchema, escaped, isRecord, resolved, same } from "./jsonSchema";
import { numberWords } from "./words";

/** Something wrong with a value: where (a JSON pointer), and what to do. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

export const NEEDED = "This is needed.";

/** All that is wrong with a value, as the schema sees it. */
export function problemsOf(
  schema: JsonSchema,
  value: unknown,
  root: JsonSchema = schema,
  pointer = "",
): FieldProblem[] {
  const rules = resolved(schema, root);
  const here = (detail: string): FieldProblem[] => [{ pointer, detail }];
  if (!hasType(rules, value)) {
    return here(typeWords(rules));
  }
  if (rules.const !== undefined && !same(rules.const, value)) {
    return here(`Only ${JSON.stringify(rules.const)} is possible here.`);
  }
  if (rules.enum && !rules.enum.some((one) => same(one, value))) {
    return here("Choose one of the values offered.");
  }
  return [
    ...(typeof value === "number" ? ofNumber(rules, value).flatMap(here) : []),
    ...(typeof value === "string" ? ofText(rules, value).flatMap(here) : []),
    ...(Array.isArray(value) ? ofList(rules, value, root, pointer) : []),
    ...(isRecord(value) ? ofObject(rules, value, root, pointer) : []),
    ...ofCombined(rules, value, root, pointer),
  ];
}

/** Whether a value is as a schema asks: for its conditions. */
export function isValid(schema: JsonSchema | boolean, value: unknown, root: JsonSchema): boolean {
  return typeof schema === "boolean" ? schema : problemsOf(schema, value, root).length === 0;
}

function hasType({ type }: JsonSchema, value: unknown): boolean {
  const types = type === undefined ? [] : typeof type === "string" ? [type] : type;
  return types.length === 0 || types.some((one) => isOfType(one, value));
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    default:
      return typeof value === type;
  }
}

function typeWords(rules: JsonSchema): string {
  const types = typeof rules.type === "string" ? [rules.type] : (rules.type ?? []);
  const type = types.find((one) => one !== "null");
  switch (type) {
    case "integer":
    case "number":
      return `Give ${numberWords(rules)}.`;
    case "boolean":
      return "Say yes or no.";
    case "array":
      return "Give a list.";
    case "object":
      return "Give an object.";
    default:
      return "Give a text.";
  }
}

function ofNumber(rules: JsonSchema, value: number): string[] {
  const bound = (keyword: string) => (typeof rules[keyword] === "number" ? rules[keyword] : undefined);
  const [least, most] = [bound("minimum"), bound("maximum")];
  const [above, below, step] = [bound("exclusiveMinimum"), bound("exclusiveMaximum"), bound("multipleOf")];
  const outside =
    (least !== undefined && value < least) ||
    (most !== undefined && value > most) ||
    (above !== undefined && value <= above) ||
    (below !== undefined && value >= below);
  const uneven = step !== undefined && Math.abs(value / step - Math.round(value / step)) > 1e-9;
  return [...(outside ? [`Give ${numberWords(rules)}.`] : []), ...(uneven ? [`Give a multiple of ${step}.`] : [])];
}

function ofText(rules: JsonSchema, value: string): string[] {
  const { minLength, maxLength, pattern } = rules;
  if (typeof minLength === "number" && value.length < minLength) {
    return [minLength === 1 ? NEEDED : `Give at least ${minLength} characters.`];
  }
  if (typeof maxLength === "number" && value.length > maxLength) {
    return [`Give at most ${maxLength} characters.`];
  }
  if (typeof pattern === "string" && !new RegExp(pattern, "u").test(value)) {
    return [`Give a text of the form ${pattern}.`];
  }
  return [];
}

function ofList(rules: JsonSchema, value: readonly unknown[], root: JsonSchema, pointer: string): FieldProblem[] {
  const { minItems, maxItems, uniqueItems, items } = rules;
  const found: FieldProblem[] = [];
  if (typeof minItems === "number" && value.length < minItems) {
    found.push({ pointer, detail: `Choose at least ${minItems}.` });
  }
  if (typeof maxItems === "number" && value.length > maxItems) {
    found.push({ pointer, detail: `Choose at most ${maxItems}.` });
  }
  value.forEach((item, index) => {
    const place = `${pointer}/${index}`;
    if (uniqueItems === true && value.slice(0, index).some((earlier) => same(earlier, item))) {
      found.push({ pointer: place, detail: `${JSON.stringify(item)} stands twice; name it once.` });
    }
    if (isRecord(items)) {
      found.push(...problemsOf(items, item, root, place));
    }
  });
  return found;
}

function ofObject(
  rules: JsonSchema,
  value: Record<string, unknown>,
  root: JsonSchema,
  pointer: string,
): FieldProblem[] {
  const found: FieldProblem[] = [];
  const needed = (name: string) => ({ pointer: `${pointer}/${escaped(name)}`, detail: NEEDED });
  const isMissing = (name: string) => value[name] === undefined;
  found.push(...(rules.required ?? []).filter(isMissing).map(needed));
  const dependent = isRecord(rules["dependentRequired"]) ? rules["dependentRequired"] : {};
  for (const [name, others] of Object.entries(dependent)) {
    if (isGiven(value[name]) && Array.isArray(others)) {
      found.push(...(others as string[]).filter((other) => !isGiven(value[other])).map(needed));
    }
  }
  for (const [name, given] of Object.entries(value)) {
    const place = `${pointer}/${escaped(name)}`;
    const property = rules.properties?.[name];
    if (property === false || (property === undefined && rules["additionalProperties"] === false)) {
      found.push({ pointer: place, detail: "This is not asked for here; leave it out." });
    } else if (isRecord(property) && given !== undefined) {
      found.push(...problemsOf(property, given, root, place));
    }
  }
  const schemas = isRecord(rules["dependentSchemas"]) ? rules["dependentSchemas"] : {};
  for (const [name, schema] of Object.entries(schemas)) {
    if (isGiven(value[name]) && isRecord(schema)) {
      found.push(...problemsOf(schema, value, root, pointer));
    }
  }
  return found;
}

function ofCombined(rules: JsonSchema, value: unknown, root: JsonSchema, pointer: string): FieldProblem[] {
  const found = (rules.allOf ?? []).flatMap((part) => problemsOf(part, value, root, pointer));
  for (const choices of [rules.anyOf, rules.oneOf]) {
    if (choices && !choices.some((choice) => isValid(choice, value, root))) {
      found.push(...nearest(choices, value, root, pointer));
    }
  }
  if (rules.if) {
    const branch = isValid(rules.if, value, root) ? rules.then : rules.else;
    found.push(...(branch ? problemsOf(branch, value, root, pointer) : []));
  }
  if (isRecord(rules["not"]) && isValid(rules["not"], value, root)) {
    found.push({ pointer, detail: "This combination is not possible." });
  }
  return found;
}

/** What is wrong with the form that fits best: the one whose own words name something inside the value. */
function nearest(choices: readonly JsonSchema[], value: unknown, root: JsonSchema, pointer: string): FieldProblem[] {
  const ofKind = choices.filter((choice) => isOfKind(resolved(choice, root), value));
  const told = (ofKind.length > 0 ? ofKind : choices).map((choice) => problemsOf(choice, value, root, pointer));
  const ofOneValue = told.every((problems) => problems.some((problem) => problem.pointer === pointer));
  if (ofOneValue && choices.every((choice) => resolved(choice, root).const !== undefined)) {
    return [{ pointer, detail: "Choose one of the values offered." }];
  }
  const inside = told.filter((problems) => problems.every((problem) => problem.pointer !== pointer));
  const best = (inside.length > 0 ? inside : told).toSorted((left, right) => left.length - right.length)[0];
  return best ?? [];
}

/** Whether the value names this kind of object, where the kinds are told by a constant property. */
function isOfKind({ properties = {} }: JsonSchema, value: unknown): boolean {
  const constants = Object.entries(properties).filter(
    ([, property]) => isRecord(property) && property.const !== undefined,
  );
  return (
    isRecord(value) &&
    constants.length > 0 &&
    constants.every(([name, property]) => isRecord(property) && same(property.const, value[name]))
  );
}

/** Whether a value says something: not nothing, null or an empty list or text. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}
