import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBrandPython, IconDownload, IconFileText, IconJson, IconTable } from "@tabler/icons-react";

import type { Analysis } from "../../analysis/question";
import { useResult } from "../../analysis/useAnalysis";
import { toProblem } from "../../api/problem";
import { usePlatform } from "../../app/platform";
import { toSvg } from "../../charts/svg";
import type { DatasetSummary } from "../../data/datasets";
import { fileName, saveFile } from "../../download";
import { formatTimePrecisely } from "../../format";
import { estimatesTable } from "../../result/estimates";
import { toCsv } from "../../result/table";
import { isCausalImpact } from "../../result/types";

/** Width of a plot in the report. */
const REPORT_WIDTH = 860;

interface Props {
  readonly analysis: Analysis;
  readonly question: string;
  readonly dataset: DatasetSummary | undefined;
}

/** The result as files, made here or by the platform. */
export function ExportMenu({ analysis, question, dataset }: Props) {
  const { fetch } = usePlatform();
  const result = useResult(analysis.id, true).data;
  const known = isCausalImpact(analysis.agent, result) ? result : undefined;
  const stem = fileName(known ? known.parameters.outcome : analysis.agent, analysis.id.slice(0, 8));

  const report = async () => {
    if (!known) {
      return;
    }
    const { reportHtml } = await import("../../result/report");
    const about = [
      { name: "Asked", value: formatTimePrecisely(analysis.created_at) },
      ...(dataset ? [{ name: "Data", value: `${dataset.name}, version ${dataset.version}` }] : []),
      { name: "Analysis", value: analysis.id },
    ];
    const draw = ({ option, height }: { option: Parameters<typeof toSvg>[0]; height: number }) =>
      toSvg(option, { width: REPORT_WIDTH, height });
    const html = await reportHtml({ question, agent: analysis.agent, about, result: known, draw });
    saveFile(`${stem}-report.html`, html, "text/html");
  };
  const script = async () => {
    const response = await fetch(new URL(`/api/v1/analyses/${analysis.id}/reproduce.py`, window.location.origin).href);
    if (!response.ok) {
      throw await toProblem(response);
    }
    saveFile(`${stem}-reproduce.py`, await response.blob());
  };

  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button size="xs" variant="default" disabled={!result} leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>For people</Menu.Label>
        <Menu.Item
          disabled={!known}
          leftSection={<IconFileText size={16} aria-hidden />}
          onClick={() => tell("report", report)}
        >
          Report (HTML, prints well)
        </Menu.Item>
        <Menu.Item
          disabled={!known}
          leftSection={<IconTable size={16} aria-hidden />}
          onClick={() => {
            if (known) {
              saveFile(`${stem}-estimates.csv`, toCsv(estimatesTable(known)), "text/csv");
            }
          }}
        >
          Estimates (CSV)
        </Menu.Item>
        <Menu.Label>For programs</Menu.Label>
        <Menu.Item
          leftSection={<IconJson size={16} aria-hidden />}
          onClick={() => {
            saveFile(`${stem}-result.json`, `${JSON.stringify(result, null, 2)}\n`, "application/json");
          }}
        >
          Result (JSON)
        </Menu.Item>
        <Menu.Item leftSection={<IconBrandPython size={16} aria-hidden />} onClick={() => tell("script", script)}>
          reproduce.py (computes it again)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Runs it, and says so when it does not work. */
async function tell(what: string, make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    notifications.show({
      color: "red",
      autoClose: false,
      role: "alert",
      title: `The ${what} could not be made`,
      message: error instanceof Error ? error.message : "An unknown error; try again.",
      closeButtonProps: { "aria-label": "Close" },
    });
  }
}
