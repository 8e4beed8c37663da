import { ActionIcon, Alert, Group, Menu, Text, Title, Tooltip, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";

import { Chart } from "../charts/Chart";
import { toPng, toSvg } from "../charts/svg";
import { fileName, saveFile } from "../download";
import type { Figure } from "./figure";
import { sentenceCase } from "./words";
import classes from "./result.module.css";
import { ResultTable } from "./ResultTable";
import { toCsv } from "./table";

/** Width of a plot in a file. */
const FILE_WIDTH = 860;

interface Props {
  readonly figure: Figure;
  /** Begins the names of files. */
  readonly fileStem: string;
}

/** A plot: what to look for, the plot, its finding, the same as a table, and all of it as files. */
export function FigureCard({ figure, fileStem }: Props) {
  const { id, title, lookFor, finding, label, option, height, table } = figure;
  const [shown, { toggle }] = useDisclosure(false);
  const [failed, setFailed] = useState<string>();
  const size = { width: FILE_WIDTH, height };
  const name = (ending: string) => `${fileName(fileStem, id)}.${ending}`;
  const save = async (make: () => Promise<void>) => {
    setFailed(undefined);
    try {
      await make();
    } catch (error) {
      setFailed(error instanceof Error ? error.message : "The file could not be made.");
    }
  };

  return (
    <figure className={classes["figure"]} aria-labelledby={`figure-${id}`}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
        <div>
          <Title order={4} size="sm" id={`figure-${id}`}>
            {title}
          </Title>
          <Text size="xs" c="dimmed">
            <b>Look for:</b> {lookFor}
          </Text>
        </div>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Tooltip label="Save this plot">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Save the plot "${title}"`}
                className={classes["noPrint"] ?? ""}
              >
                <IconDownload size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() =>
                save(async () => {
                  saveFile(name("png"), await toPng(option, size));
                })
              }
            >
              PNG
            </Menu.Item>
            <Menu.Item
              onClick={() =>
                save(async () => {
                  saveFile(name("svg"), await toSvg(option, size), "image/svg+xml");
                })
              }
            >
              SVG
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                saveFile(name("csv"), toCsv(table), "text/csv");
              }}
            >
              CSV of its numbers
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      {failed !== undefined && (
        <Alert color="red" role="alert" my="xs">
          {failed}
        </Alert>
      )}
      <Chart option={option} label={label} height={height} />
      <figcaption>
        {finding !== undefined && <Text size="sm">{sentenceCase(finding)}</Text>}
        <UnstyledButton onClick={toggle} aria-expanded={shown} className={classes["noPrint"] ?? ""}>
          <Text size="xs" c="var(--mantine-color-anchor)" td="underline" component="span">
            {shown ? "Hide the table" : "Show as a table"}
          </Text>
        </UnstyledButton>
      </figcaption>
      {shown && <ResultTable table={table} caption={title} />}
    </figure>
  );
}
