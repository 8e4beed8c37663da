import { Group, Select, TextInput } from "@mantine/core";

import type { Bound } from "../../../data/recipe/draft";

interface Props {
  readonly label: string;
  readonly inclusiveWords: string;
  readonly exclusiveWords: string;
  readonly placeholder: string;
  readonly bound: Bound;
  readonly onChange: (bound: Bound) => void;
}

/** One end of a range; empty for none. */
export function BoundInput({ label, inclusiveWords, exclusiveWords, placeholder, bound, onChange }: Props) {
  return (
    <Group gap={4} wrap="nowrap" align="flex-end">
      <Select
        label={label}
        aria-label={`${label}: with or without the value itself`}
        w={120}
        allowDeselect={false}
        data={[
          { value: "inclusive", label: inclusiveWords },
          { value: "exclusive", label: exclusiveWords },
        ]}
        value={bound.inclusive ? "inclusive" : "exclusive"}
        onChange={(chosen) => {
          onChange({ ...bound, inclusive: chosen !== "exclusive" });
        }}
      />
      <TextInput
        aria-label={`${label}: value`}
        placeholder={placeholder}
        value={bound.value}
        onChange={({ currentTarget }) => {
          onChange({ ...bound, value: currentTarget.value });
        }}
        style={{ flex: 1, minWidth: 80 }}
      />
    </Group>
  );
}
