import { Button, Group, MultiSelect } from "@mantine/core";

import { offersFor, wantedWords } from "../../../ask/columns";
import { columnsIn } from "../../../ask/roles";
import type { Field } from "../../../ask/schema/fields";
import { useForm } from "../QuestionContext";
import { ColumnOption } from "./ColumnOption";
import classes from "./fields.module.css";
import { grouped } from "./offers";
import { Refused } from "./Refused";
import { useFieldProps } from "./useFieldProps";

interface Props {
  readonly field: Field;
  /** The field among whose columns is chosen. */
  readonly owner?: Field;
}

/** Several columns, in the order in which they are chosen. */
export function ColumnsField({ field, owner }: Props) {
  const { question } = useForm();
  const chosen = columnsIn(field, question.values);
  const among = owner && columnsIn(owner, question.values);
  const columns = among ? question.columns.filter(({ name }) => among.includes(name)) : question.columns;
  const offers = offersFor(field, columns, among ? new Map() : question.taken);
  const byName = new Map(offers.map((offer) => [offer.column.name, offer]));
  const able = columns.filter(({ name }) => byName.get(name)?.refusal === undefined).map(({ name }) => name);
  const set = (names: readonly string[]) => {
    question.set(field, names.length === 0 ? undefined : names);
  };
  return (
    <div>
      <MultiSelect
        {...useFieldProps(field)}
        data={grouped(offers)}
        renderOption={({ option }) => <ColumnOption offer={byName.get(option.value)} />}
        classNames={{ option: classes["option"] ?? "" }}
        placeholder={chosen.length === 0 ? (wantedWords(field) ?? "Columns") : ""}
        nothingFoundMessage="No such column"
        searchable
        hidePickedOptions
        maxDropdownHeight={340}
        value={chosen}
        onChange={set}
      />
      {/* Most columns of a table may be held fixed; few have any other role. */}
      {field.role === "confounder" && (
        <Group gap="xs" mt={4}>
          <Button
            size="compact-xs"
            variant="default"
            disabled={able.length === 0 || able.every((name) => chosen.includes(name))}
            onClick={() => {
              set([...chosen, ...able.filter((name) => !chosen.includes(name))]);
            }}
            aria-label={`Add all ${able.length} columns that can serve as ${field.title}`}
          >
            Add all that can serve
          </Button>
          {chosen.length > 0 && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                set([]);
              }}
              aria-label={`Clear ${field.title}`}
            >
              Clear
            </Button>
          )}
        </Group>
      )}
      <Refused offers={offers} />
    </div>
  );
}
