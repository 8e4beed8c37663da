import { Input, SegmentedControl, Stack, TextInput } from "@mantine/core";

import { inputValue } from "../../ask/startTime";

interface Props {
  /** As the input gives it; nothing for at once. */
  readonly value: string | undefined;
  readonly problem: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

const HOUR_MS = 3_600_000;

/** At once, or not before a time. */
export function StartWhen({ value, problem, onChange }: Props) {
  return (
    <Stack gap={6}>
      <Input.Wrapper label="When to start" labelElement="div">
        <SegmentedControl
          aria-label="When to start"
          size="xs"
          fullWidth
          mt={4}
          data={[
            { value: "now", label: "At once" },
            { value: "later", label: "Later" },
          ]}
          value={value === undefined ? "now" : "later"}
          onChange={(when) => {
            onChange(when === "now" ? undefined : inputValue(new Date(Date.now() + HOUR_MS)));
          }}
        />
      </Input.Wrapper>
      {value !== undefined && (
        <TextInput
          type="datetime-local"
          label="Not before"
          description="In your time zone, at most 30 days ahead"
          value={value}
          error={problem}
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      )}
    </Stack>
  );
}
