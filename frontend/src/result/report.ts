import type { Section } from "./figure";
import { answerOf, type Fact } from "./answer";
import { type Check, checksOf, furtherWarnings } from "./checks";
import { columnTables, conventionTable, parameterFacts, rowFacts, versionFacts, workingsTables } from "./details";
import { sectionsOf } from "./sections";
import type { Table } from "./table";
import type { CausalImpactResult } from "./types";
import { checkAdvice, checkName, sentenceCase } from "./words";
import { formatNumber } from "../format";

/** What the report says besides the result. */
export interface ReportParts {
  readonly question: string;
  readonly agent: string;
  readonly about: readonly Fact[];
  readonly result: CausalImpactResult;
  /** Draws a plot: SVG text. */
  readonly draw: (section: Section["figures"][number]) => Promise<string>;
}

/** Text that wants a wide column. */
const LONG = 40;

/** Longer tables of plots are for files. */
const MOST_ROWS = 25;

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; color: #212529; background: #fff; max-width: 920px; margin: 2rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid #dee2e6; padding-bottom: .25rem; } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .4rem 0; max-width: 80ch; } .answer { font-size: 1.3rem; font-weight: 600; line-height: 1.4; } .quiet { color: #5c636a; font-size: .85rem; }
.box { border: 1px solid #dee2e6; border-left: 5px solid #087f5b; border-radius: 4px; padding: .6rem 1rem; margin: 1rem 0; break-inside: avoid; } .box.flag { border-left-color: #c92a2a; } .box.know { border-left-color: #b38600; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: .5rem 1.25rem; margin: .75rem 0; } dt { color: #5c636a; font-size: .8rem; } dd { margin: 0; font-weight: 500; overflow-wrap: anywhere; }
figure { margin: 1rem 0; break-inside: avoid; } figure svg { max-width: 100%; height: auto; display: block; }
table { border-collapse: collapse; font-size: .78rem; width: 100%; margin: .5rem 0 1rem; } th, td { text-align: left; padding: 3px 8px; border-bottom: 1px solid #e9ecef; vertical-align: top; overflow-wrap: break-word; } th { background: #f8f9fa; } td.t { min-width: 15rem; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; } th.n { white-space: normal; } tr { break-inside: avoid; }
.scroll { overflow-x: auto; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } h2, h3 { break-after: avoid; } thead { display: table-header-group; } .scroll { overflow: visible; } }
@page { margin: 16mm; }
`;

/**
 * The whole result as one HTML file: no script, nothing from elsewhere, every text escaped.
 *
 * Even if something were to slip through, the file's own policy lets no script run and nothing be loaded.
 */
export async function reportHtml({ question, agent, about, result, draw }: ReportParts): Promise<string> {
  const answer = answerOf(result);
  const sections = await Promise.all(sectionsOf(result).map((section) => sectionHtml(section, draw)));
  const tables = [
    ...columnTables(result),
    ...workingsTables(result),
    { title: "What each number is, and where else it comes out", table: conventionTable(result) },
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(question)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(question)}</h1>
${factsHtml(about)}
<p class="answer">${escape(answer.sentence)}</p>
${answer.worth === undefined ? "" : `<p><strong>${escape(answer.worth)}</strong></p>`}
${answer.further.map((text) => `<p>${escape(text)}</p>`).join("\n")}
${flagsHtml(result)}
${factsHtml(answer.facts)}
${sections.join("\n")}
<h2>Data and method</h2>
${factsHtml(rowFacts(result))}
${tables.map(({ title, table }) => `<h3>${escape(title)}</h3>${tableHtml(table)}`).join("\n")}
<h3>Parameters</h3>
${factsHtml(parameterFacts(result.parameters))}
<h3>Versions and seed</h3>
${factsHtml(versionFacts(result, agent))}
</main>
</body>
</html>
`;
}

function flagsHtml(result: CausalImpactResult): string {
  const flags = result.red_flags.map(({ check, message }) => {
    const advice = checkAdvice(check);
    const toDo = advice === undefined ? "" : ` <em>What to do: ${escape(advice)}</em>`;
    return `<li><strong>${escape(checkName(check))}.</strong> ${escape(sentenceCase(message))}${toDo}</li>`;
  });
  const warnings = furtherWarnings(result).map(({ message }) => `<li>${escape(sentenceCase(message))}</li>`);
  const head =
    flags.length > 0
      ? `<div class="box flag"><strong>Red flags: read these before using the number</strong><ul>${flags.join("")}</ul></div>`
      : `<div class="box"><strong>No red flags found</strong><p>${escape(answerOf(result).flags)}</p></div>`;
  const know =
    warnings.length > 0
      ? `<div class="box know"><strong>Worth knowing</strong><ul>${warnings.join("")}</ul></div>`
      : "";
  return `${head}${know}<h3>What was checked</h3><ul>${checksOf(result).map(checkHtml).join("")}</ul>`;
}

function checkHtml({ name, finding, flagged }: Check): string {
  return `<li>${flagged ? "Red flag" : "Passed"}: <strong>${escape(name)}.</strong> ${escape(sentenceCase(finding))}</li>`;
}

async function sectionHtml(section: Section, draw: ReportParts["draw"]): Promise<string> {
  const { title, findings, figures, tables } = section;
  const drawn = await Promise.all(
    figures.map(async (figure) => {
      const finding = figure.finding === undefined ? "" : `<p>${escape(sentenceCase(figure.finding))}</p>`;
      return `<figure role="group" aria-label="${escape(figure.label)}"><h3>${escape(figure.title)}</h3>
<p class="quiet">Look for: ${escape(figure.lookFor)}</p>
${await draw(figure)}
<figcaption>${finding}</figcaption></figure>${figure.table.rows.length <= MOST_ROWS ? tableHtml(figure.table) : ""}`;
    }),
  );
  return `<h2>${escape(title)}</h2>
${findings.map((finding) => `<p>${escape(sentenceCase(finding))}</p>`).join("\n")}
${drawn.join("\n")}
${tables.map((one) => `<h3>${escape(one.title)}</h3>${tableHtml(one.table)}`).join("\n")}`;
}

function factsHtml(facts: readonly Fact[]): string {
  const items = facts.map(({ name, value, meaning }) => {
    const explained = meaning === undefined ? "" : `<div class="quiet">${escape(meaning)}</div>`;
    return `<div><dt>${escape(name)}</dt><dd>${escape(value)}${explained}</dd></div>`;
  });
  return `<dl>${items.join("")}</dl>`;
}

function tableHtml({ columns, rows }: Table): string {
  const numeric = columns.map((_, index) => rows.some((row) => typeof row[index] === "number"));
  const mark = (index: number) => (numeric[index] === true ? ' class="n"' : "");
  const head = columns.map((column, index) => `<th scope="col"${mark(index)}>${escape(column)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => {
      const text = cell === null ? "" : typeof cell === "number" ? formatNumber(cell) : cell;
      return `<td${text.length > LONG ? ' class="t"' : mark(index)}>${escape(text)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

export function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
