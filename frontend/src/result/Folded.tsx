import { Accordion, Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

import { fileName, saveFile } from "../download";
import type { TitledTable } from "./details";
import classes from "./result.module.css";
import { ResultTable } from "./ResultTable";
import { toCsv } from "./table";

interface Props {
  readonly tables: readonly TitledTable[];
  readonly fileStem: string;
}

/** Tables that open when they are wanted. */
export function Folded({ tables, fileStem }: Props) {
  return (
    <Accordion multiple chevronPosition="left" variant="contained">
      {tables.map(({ title, table }) => (
        <Accordion.Item key={title} value={title}>
          <Accordion.Control>
            <Text size="sm">{title}</Text>
          </Accordion.Control>
          <Accordion.Panel>
            <ResultTable table={table} caption={title} />
            <Button
              size="compact-xs"
              variant="subtle"
              mt="xs"
              leftSection={<IconDownload size={14} aria-hidden />}
              className={classes["noPrint"] ?? ""}
              onClick={() => {
                saveFile(`${fileName(fileStem, title)}.csv`, toCsv(table), "text/csv");
              }}
            >
              CSV
            </Button>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
