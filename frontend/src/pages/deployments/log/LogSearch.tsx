import { ActionIcon, Group, Text, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";

import { turn } from "../../../deployments/log/find";
import { formatCount } from "../../../format";

interface Props {
  readonly text: string;
  readonly hits: number;
  /** Which hit is looked at, from 0 on. */
  readonly at: number;
  readonly onText: (text: string) => void;
  readonly onTurn: (at: number) => void;
}

/** Searches within the log: Enter goes to the next line, with Shift to the one before. */
export function LogSearch({ text, hits, at, onText, onTurn }: Props) {
  const go = (by: 1 | -1) => {
    onTurn(turn(hits, at, by));
  };
  return (
    <Group gap="xs">
      <TextInput
        aria-label="Search in the log"
        placeholder="Search in the log"
        size="xs"
        w={{ base: "100%", xs: 280 }}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={text}
        spellCheck={false}
        onChange={(event) => {
          onText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            go(event.shiftKey ? -1 : 1);
          }
        }}
      />
      <ActionIcon
        variant="default"
        aria-label="The hit before"
        disabled={hits === 0}
        onClick={() => {
          go(-1);
        }}
      >
        <IconChevronUp size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label="The next hit"
        disabled={hits === 0}
        onClick={() => {
          go(1);
        }}
      >
        <IconChevronDown size={16} aria-hidden />
      </ActionIcon>
      <Text size="xs" c="dimmed" role="status">
        {text !== "" && (hits === 0 ? "Not in the log" : `${formatCount(at + 1)} of ${formatCount(hits)} lines`)}
      </Text>
    </Group>
  );
}
