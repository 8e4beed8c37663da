import { useCallback, useMemo, useState } from "react";

import { type Column, type Taken } from "./columns";
import { type Layout, layoutOf } from "./layout";
import { type Gone, takenColumns, withoutGone } from "./roles";
import { type Field, fieldsOf, flattened } from "./schema/fields";
import type { JsonSchema } from "./schema/jsonSchema";
import { type FieldProblem, isGiven, problemsOf } from "./schema/validate";
import { type Values, currentValue, isVisible, parametersOf, valueAt, withValue } from "./schema/values";

/** A question as it is being asked. */
export interface Question {
  readonly fields: readonly Field[];
  /** Those of nested objects too. */
  readonly all: readonly Field[];
  readonly layout: Layout;
  readonly columns: readonly Column[];
  readonly taken: Taken;
  readonly values: Values;
  /** Columns that were asked for and are not in the dataset. */
  readonly gone: readonly Gone[];
  /** What is sent. */
  readonly parameters: Values;
  /** What the schema finds wrong. */
  readonly problems: readonly FieldProblem[];
  /** Whether a field is asked for as things stand. */
  readonly asked: (field: Field) => boolean;
  readonly valueOf: (field: Field) => unknown;
  readonly set: (field: Field, value: unknown) => void;
  readonly replace: (values: Values) => void;
  /** Fields that were changed here: what is wrong with the others is not yet their fault. */
  readonly touched: ReadonlySet<string>;
}

/** The state of a form that is made from a schema, and what follows from it. */
export function useQuestion(schema: JsonSchema, columns: readonly Column[] | undefined, start: () => Values): Question {
  const [typed, setTyped] = useState(start);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const form = useMemo(() => {
    const fields = fieldsOf(schema);
    return { fields, all: flattened(fields), layout: layoutOf(fields) };
  }, [schema]);

  const derived = useMemo(() => {
    // Until the columns are known none can be missed.
    const { kept: values, gone } = columns
      ? withoutGone(form.fields, typed, columns)
      : { kept: typed, gone: [] as Gone[] };
    const owners = new Map(
      [...form.layout.below].flatMap(([owner, below]) => below.map((one) => [one.pointer, owner])),
    );
    const asked = (field: Field) => {
      const owner = form.all.find(({ pointer }) => pointer === owners.get(field.pointer));
      return (!owner || isGiven(valueAt(values, owner.path))) && isVisible(field, values, schema, form.all);
    };
    const parameters = parametersOf(form.fields, values, asked);
    const valueOf = (field: Field) => currentValue(field, values);
    const taken = takenColumns(form.fields.filter(asked), values);
    return { values, gone, asked, parameters, valueOf, taken, problems: problemsOf(schema, parameters) };
  }, [form, schema, columns, typed]);

  const set = useCallback(
    (field: Field, value: unknown) => {
      setTyped((before) => {
        let next = withValue(before, field.path, value);
        // What was chosen among the values or columns of the field is of no use with another one.
        for (const below of field.control.kind === "column" ? (form.layout.below.get(field.pointer) ?? []) : []) {
          next = withValue(next, below.path, undefined);
        }
        return next;
      });
      setTouched((before) => new Set(before).add(field.pointer));
    },
    [form],
  );
  const replace = useCallback((values: Values) => {
    setTyped(values);
    setTouched(new Set());
  }, []);

  return { ...form, ...derived, columns: columns ?? [], touched, set, replace };
}
