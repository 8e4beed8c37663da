import { Select, Text, UnstyledButton } from "@mantine/core";

import { offersFor, wantedWords } from "../../../ask/columns";
import type { Field } from "../../../ask/schema/fields";
import { useForm } from "../QuestionContext";
import { ColumnOption } from "./ColumnOption";
import classes from "./fields.module.css";
import { factsOf, grouped } from "./offers";
import { Refused } from "./Refused";
import { useFieldProps } from "./useFieldProps";

/** One column: suggested ones first, those that cannot serve last with the reason. */
export function ColumnField({ field }: { readonly field: Field }) {
  const { question } = useForm();
  const value = question.valueOf(field);
  const chosen = question.columns.find(({ name }) => name === value);
  const offers = offersFor(field, question.columns, question.taken);
  const byName = new Map(offers.map((offer) => [offer.column.name, offer]));
  const suggestion = offers.find(({ suggested }) => suggested)?.column.name;
  return (
    <div>
      <Select
        {...useFieldProps(field)}
        data={grouped(offers)}
        renderOption={({ option }) => <ColumnOption offer={byName.get(option.value)} />}
        classNames={{ option: classes["option"] ?? "" }}
        placeholder={wantedWords(field) ?? "A column"}
        nothingFoundMessage="No such column"
        searchable
        clearable={!field.required}
        allowDeselect={!field.required}
        maxDropdownHeight={340}
        value={typeof value === "string" ? value : null}
        onChange={(name) => {
          question.set(field, name ?? undefined);
        }}
      />
      {chosen && (
        <Text size="xs" c="dimmed" mt={2}>
          {factsOf(chosen)}
        </Text>
      )}
      {!chosen && suggestion !== undefined && (
        <Text size="xs" c="dimmed" mt={2}>
          Looks like it:{" "}
          <UnstyledButton
            className={classes["more"]}
            onClick={() => {
              question.set(field, suggestion);
            }}
            aria-label={`Take ${suggestion} as ${field.title}`}
          >
            {suggestion}
          </UnstyledButton>
        </Text>
      )}
      <Refused offers={offers} />
    </div>
  );
}
