import { Anchor, Group, Table, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { components } from "../../../api/schema";
import { ScrollRegion } from "../../../components/ScrollRegion";
import { TYPE_WORDS, barsOf, distinctWords, shareWords, summaryOf, warningsAbout } from "../../../data/columns";
import { TinyBars } from "./TinyBars";

type Column = components["schemas"]["Column"];
type Profile = components["schemas"]["Profile"];

interface Props {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly profile: Profile | undefined;
  readonly onColumn: (name: string) => void;
}

/** Column by column: type, missing, distinct, what stands in it and how it is spread. */
export function ColumnsTable({ columns, rows, profile, onColumn }: Props) {
  const profiles = new Map(profile?.columns.map((column) => [column.name, column]));
  return (
    <ScrollRegion label="Table of columns">
      <Table verticalSpacing={6} highlightOnHover miw={720}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th ta="right">Missing</Table.Th>
            <Table.Th ta="right">Distinct</Table.Th>
            <Table.Th>Values</Table.Th>
            <Table.Th>Spread</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map((column) => (
            <Row
              key={column.name}
              column={column}
              rows={rows}
              profile={profiles.get(column.name)}
              warnings={warningsAbout(column.name, profile?.warnings ?? [])}
              onOpen={() => {
                onColumn(column.name);
              }}
            />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  );
}

interface RowProps {
  readonly column: Column;
  readonly rows: number;
  readonly profile: Profile["columns"][number] | undefined;
  readonly warnings: readonly string[];
  readonly onOpen: () => void;
}

function Row({ column: { name, type, missing }, rows, profile, warnings, onOpen }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td maw={260}>
        <Group gap={6} wrap="nowrap">
          {profile ? (
            <Anchor
              component="button"
              type="button"
              size="sm"
              fw={600}
              ta="left"
              onClick={onOpen}
              style={{ overflowWrap: "anywhere" }}
            >
              {name}
            </Anchor>
          ) : (
            <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
              {name}
            </Text>
          )}
          {warnings.length > 0 && (
            <Tooltip label={warnings.join("; ").replaceAll("`", "")} multiline maw={360}>
              <IconAlertTriangle
                size={16}
                color="var(--mantine-color-yellow-light-color)"
                role="img"
                aria-label="There is a warning about it"
              />
            </Tooltip>
          )}
        </Group>
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{TYPE_WORDS[type]}</Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }} c={missing === 0 ? "dimmed" : ""}>
        {shareWords(missing, rows)}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {profile ? distinctWords(profile) : "…"}
      </Table.Td>
      <Table.Td>
        <Text size="sm" lineClamp={1} maw={320} style={{ overflowWrap: "anywhere" }}>
          {profile ? summaryOf(profile) : "…"}
        </Text>
      </Table.Td>
      <Table.Td>{profile && <TinyBars bars={barsOf(profile, rows)} />}</Table.Td>
    </Table.Tr>
  );
}
