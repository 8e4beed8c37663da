import { ScrollArea, Table, Text } from "@mantine/core";

import { formatNumber } from "../format";
import type { Cell, Table as Data } from "./table";

/** More rows than this are for the file, not for the eye. */
const MOST_ROWS = 200;

interface Props {
  readonly table: Data;
  readonly caption: string;
}

/** A table of a result: numbers to the right, one line a row. */
export function ResultTable({ table: { columns, rows }, caption }: Props) {
  const isNumeric = columns.map((_, index) => rows.some((row) => typeof row[index] === "number"));
  const align = (index: number) => (isNumeric[index] === true ? "right" : "left");
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": caption }}>
      <Table fz="xs" verticalSpacing={4} horizontalSpacing="xs" striped>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column, index) => (
              <Table.Th key={column} ta={align(index)} style={{ whiteSpace: "nowrap" }}>
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, MOST_ROWS).map((row, number) => (
            <Table.Tr key={number}>
              {row.map((cell, index) => (
                <Table.Td
                  key={columns[index]}
                  ta={align(index)}
                  miw={isLong(cell) ? 280 : undefined}
                  style={cellStyle(cell)}
                >
                  {words(cell)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > MOST_ROWS && (
        <Text size="xs" c="dimmed" p="xs">
          The first {MOST_ROWS} of {rows.length.toLocaleString("en")} rows; the CSV has all.
        </Text>
      )}
    </ScrollArea>
  );
}

function isLong(cell: Cell): boolean {
  return typeof cell === "string" && cell.length > 40;
}

function cellStyle(cell: Cell) {
  return isLong(cell)
    ? ({ whiteSpace: "normal" } as const)
    : ({ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" } as const);
}

export function words(cell: Cell): string {
  return cell === null ? "–" : typeof cell === "number" ? formatNumber(cell) : cell;
}
