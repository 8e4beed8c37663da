import { Button, Table, Text } from "@mantine/core";
import { useState } from "react";

import { Loading } from "../../../components/Loading";
import { Problem } from "../../../components/Problem";
import { ScrollRegion } from "../../../components/ScrollRegion";
import { Section } from "../../../components/Section";
import { counted, isNumeric } from "../../../data/columns";
import { type Dataset, usePreview } from "../../../data/datasets";
import { formatCount } from "../../../format";

const FEW_ROWS = 10;
const MANY_ROWS = 200;
/** More would make the page slow; the download has them all. */
const MOST_COLUMNS = 100;

/** The first rows as they are written in the file. */
export function Preview({ dataset }: { readonly dataset: Dataset }) {
  const [rows, setRows] = useState(FEW_ROWS);
  const { data, error, refetch, isFetching } = usePreview(dataset.id, rows, true);
  const columns = data?.columns.slice(0, MOST_COLUMNS) ?? [];
  const numeric = new Set(dataset.schema?.columns.filter(({ type }) => isNumeric(type)).map(({ name }) => name));
  const total = dataset.rows ?? 0;
  return (
    <Section
      title="First rows"
      about={
        data &&
        `${formatCount(data.rows.length)} of ${counted(total, "row")}, as written in the file` +
          (columns.length < data.columns.length ? `; the first ${MOST_COLUMNS} columns` : "")
      }
      actions={
        rows < MANY_ROWS &&
        total > rows && (
          <Button
            variant="default"
            size="xs"
            loading={isFetching}
            onClick={() => {
              setRows(MANY_ROWS);
            }}
          >
            Show {Math.min(MANY_ROWS, total)}
          </Button>
        )
      }
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading what="Loading the first rows" lines={6} />}
      {data && (
        <ScrollRegion label="Table of first rows" maxHeight={480}>
          <Table verticalSpacing={4} striped stickyHeader withRowBorders={false} fz="sm">
            <Table.Thead>
              <Table.Tr>
                {columns.map((name) => (
                  <Table.Th key={name} ta={numeric.has(name) ? "right" : "left"} style={{ whiteSpace: "nowrap" }}>
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.rows.map((row, index) => (
                <Table.Tr key={index}>
                  {columns.map((name, place) => (
                    <Cell key={name} value={row[place] ?? null} isNumber={numeric.has(name)} />
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
    </Section>
  );
}

function Cell({ value, isNumber }: { readonly value: string | null; readonly isNumber: boolean }) {
  return (
    <Table.Td
      ta={isNumber ? "right" : "left"}
      maw={320}
      style={{
        whiteSpace: "nowrap",
        overflow: "hidden",
        textOverflow: "ellipsis",
        fontVariantNumeric: "tabular-nums",
      }}
    >
      {value ?? (
        <Text span size="xs" c="dimmed" fs="italic">
          missing
        </Text>
      )}
    </Table.Td>
  );
}
