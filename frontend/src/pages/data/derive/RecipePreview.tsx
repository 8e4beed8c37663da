import { Badge, Group, List, Text } from "@mantine/core";

import { counted } from "../../../data/columns";
import type { Dataset } from "../../../data/datasets";
import type { Stage } from "../../../data/recipe/builder";
import type { RecipeColumn } from "../../../data/recipe/types";
import { sayStep } from "../../../data/recipe/words";
import { formatCount } from "../../../format";

const MOST_NAMED = 40;

interface Props {
  readonly source: Dataset;
  readonly stages: readonly Stage[];
  /** The columns at the end. */
  readonly columns: readonly RecipeColumn[];
}

/** The whole recipe in words, and the columns it leaves. */
export function RecipePreview({ source, stages, columns }: Props) {
  const before = new Set(source.schema?.columns.map(({ name }) => name));
  const named = columns.slice(0, MOST_NAMED);
  return (
    <>
      <div>
        <Text size="sm">
          From version {source.version} of “{source.name}”, with {counted(source.rows ?? 0, "row")}:
        </Text>
        <List type="ordered" size="sm" mt={4}>
          {stages.map(({ step }, index) => (
            <List.Item key={index} style={{ overflowWrap: "anywhere" }}>
              {step ? (
                sayStep(step)
              ) : (
                <Text span inherit c="dimmed">
                  a step that is not complete yet
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      </div>
      <Group gap={6} aria-label="Columns of the new version" role="group">
        <Text size="sm">{counted(columns.length, "column")}:</Text>
        {named.map(({ name }) => (
          <Badge key={name} variant="light" color={before.has(name) ? "gray" : "teal"} tt="none" fw={500}>
            {name}
            {!before.has(name) && " (new)"}
          </Badge>
        ))}
        {columns.length > named.length && <Text size="sm">and {formatCount(columns.length - named.length)} more</Text>}
      </Group>
    </>
  );
}
