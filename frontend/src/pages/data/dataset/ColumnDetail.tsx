import { Alert, Drawer, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { components } from "../../../api/schema";
import { Chart } from "../../../charts/Chart";
import { Backticks } from "../../../components/Backticks";
import {
  TYPE_WORDS,
  barsOf,
  counted,
  distinctWords,
  formatMoment,
  shareWords,
  summaryOf,
  warningsAbout,
} from "../../../data/columns";
import type { ColumnProfile } from "../../../data/datasets";
import { formatCount, formatNumber } from "../../../format";
import { chartHeight, columnChart } from "./columnChart";

type Profile = components["schemas"]["Profile"];

interface Props {
  readonly profile: Profile;
  /** Which column; nothing while none is looked at. */
  readonly name: string | undefined;
  readonly onClose: () => void;
}

/** One column in full: what stands in it and how it is spread. */
export function ColumnDetail({ profile, name, onClose }: Props) {
  const column = profile.columns.find((each) => each.name === name);
  return (
    <Drawer
      opened={column !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={name === undefined ? "" : `Column “${name}”`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {column && (
        <Stack gap="md">
          {warningsAbout(column.name, profile.warnings).map((warning) => (
            <Alert key={warning} color="yellow" icon={<IconAlertTriangle aria-hidden />} p="sm">
              <Text size="sm">
                <Backticks text={warning} />
              </Text>
            </Alert>
          ))}
          <Spread column={column} rows={profile.rows} />
          <FactsTable facts={factsOf(column, profile.rows)} />
        </Stack>
      )}
    </Drawer>
  );
}

function Spread({ column, rows }: { readonly column: ColumnProfile; readonly rows: number }) {
  const spread = barsOf(column, rows);
  if (spread.bars.length === 0) {
    return <Text size="sm">No row has a value in it.</Text>;
  }
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        {spread.of === "ranges" ? "Rows by range of values" : "Rows by value"}
        {spread.others > 0 && `, the ${spread.bars.length} most frequent; ${counted(spread.others, "row")} hold others`}
      </Text>
      <Chart
        option={columnChart(spread)}
        height={chartHeight(spread)}
        label={`How the values of ${column.name} are spread: ${summaryOf(column)}`}
      />
    </div>
  );
}

function FactsTable({ facts }: { readonly facts: readonly (readonly [string, string])[] }) {
  return (
    <Table variant="vertical" withTableBorder layout="fixed">
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w="45%" scope="row">
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: "anywhere", fontVariantNumeric: "tabular-nums" }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function factsOf(column: ColumnProfile, rows: number): (readonly [string, string])[] {
  const { type, missing, numeric, text_length, time_range } = column;
  const [shortest, longest] = text_length ?? [];
  const [first, last] = time_range ?? [];
  return [
    ["Type", TYPE_WORDS[type]],
    ["Rows without a value", `${formatCount(missing)} (${shareWords(missing, rows)})`],
    ["Distinct values", distinctWords(column)],
    ...(numeric ? numbersOf(numeric) : []),
    ...(shortest !== undefined && longest !== undefined
      ? [["Length", `${shortest} to ${longest} characters`] as const]
      : []),
    ...(first !== undefined && last !== undefined
      ? [["First", formatMoment(first, type)] as const, ["Last", formatMoment(last, type)] as const]
      : []),
  ];
}

function numbersOf(numeric: NonNullable<ColumnProfile["numeric"]>): (readonly [string, string])[] {
  const about = numeric.quantiles_exact ? "" : "about ";
  return [
    ["Mean", formatNumber(numeric.mean)],
    ["Standard deviation", formatNumber(numeric.standard_deviation)],
    ["Smallest", formatNumber(numeric.min)],
    ...numeric.quantiles.map(
      ({ probability, value }) => [quantileName(probability), `${about}${formatNumber(value)}`] as const,
    ),
    ["Largest", formatNumber(numeric.max)],
  ];
}

function quantileName(probability: number): string {
  return probability === 0.5 ? "Median (half are at or below)" : `${Math.round(probability * 100)} % are at or below`;
}
