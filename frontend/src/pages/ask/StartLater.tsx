import { TextInput } from "@mantine/core";

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** When to begin, where not at once. */
export function StartLater({ value, onChange }: Props) {
  return (
    <TextInput
      type="datetime-local"
      label="Start"
      description="Left empty, it starts as soon as there is room. At most 30 days ahead."
      value={value}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
