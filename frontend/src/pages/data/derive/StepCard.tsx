import { ActionIcon, Alert, Box, Group, List, Paper, Stack, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { Backticks } from "../../../components/Backticks";
import type { Dataset } from "../../../data/datasets";
import type { Stage } from "../../../data/recipe/builder";
import type { Draft } from "../../../data/recipe/draft";
import { sayStep } from "../../../data/recipe/words";
import { ColumnsFields } from "./ColumnsFields";
import { DeriveFields } from "./DeriveFields";
import { FilterFields } from "./FilterFields";
import { ReshapeFields } from "./ReshapeFields";

const TITLES: Record<Draft["step"], string> = {
  filter: "Filter rows",
  derive: "New column",
  keep: "Keep columns",
  drop: "Leave out columns",
  reshape: "One row for each unit",
};

interface Props {
  readonly number: number;
  readonly draft: Draft;
  readonly stage: Stage;
  readonly problems: readonly string[];
  readonly source: Dataset;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onChange: (draft: Draft) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** One step: what it does in words, its fields, and what is wrong with it. */
export function StepCard({ number, draft, stage, problems, source, isFirst, isLast, ...on }: Props) {
  const title = `Step ${number}: ${TITLES[draft.step]}`;
  return (
    <Paper
      component="li"
      withBorder
      p="md"
      radius="md"
      style={problems.length > 0 ? { borderColor: "var(--mantine-color-error)" } : {}}
    >
      <Stack gap="sm" role="group" aria-label={title}>
        <Group gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
          <Box miw={0}>
            <Text fw={600}>{title}</Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {stage.step ? `${capital(sayStep(stage.step))}.` : "Not complete yet."}
            </Text>
          </Box>
          <Group gap={4} wrap="nowrap">
            <Action
              label={`Move step ${number} up`}
              disabled={isFirst}
              onClick={() => {
                on.onMove(-1);
              }}
            >
              <IconArrowUp size={16} aria-hidden />
            </Action>
            <Action
              label={`Move step ${number} down`}
              disabled={isLast}
              onClick={() => {
                on.onMove(1);
              }}
            >
              <IconArrowDown size={16} aria-hidden />
            </Action>
            <Action label={`Remove step ${number}`} onClick={on.onRemove}>
              <IconTrash size={16} aria-hidden />
            </Action>
          </Group>
        </Group>
        <Fields draft={draft} stage={stage} source={source} onChange={on.onChange} />
        {problems.length > 0 && (
          <Alert color="red" icon={<IconAlertTriangle aria-hidden />} p="sm" role="alert">
            <List size="sm" listStyleType={problems.length === 1 ? "none" : "disc"}>
              {problems.map((detail) => (
                <List.Item key={detail}>
                  <Backticks text={capital(detail)} />
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}

type FieldsProps = Pick<Props, "draft" | "stage" | "source" | "onChange">;

function Fields({ draft, stage: { columns }, source, onChange }: FieldsProps) {
  switch (draft.step) {
    case "filter":
      return <FilterFields draft={draft} columns={columns} source={source} onChange={onChange} />;
    case "derive":
      return <DeriveFields draft={draft} columns={columns} source={source} onChange={onChange} />;
    case "keep":
    case "drop":
      return <ColumnsFields draft={draft} columns={columns} onChange={onChange} />;
    case "reshape":
      return <ReshapeFields draft={draft} columns={columns} source={source} onChange={onChange} />;
  }
}

interface ActionProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Action({ label, disabled = false, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label} disabled={disabled}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
        bg={disabled ? "transparent" : ""}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
