import { describe, expect, it } from "vitest";

import { drawSvg } from "../charts/drawSvg";
import { answerOf } from "./answer";
import { checksOf, furtherWarnings } from "./checks";
import { estimatesTable } from "./estimates";
import { reportHtml } from "./report";
import { sectionsOf } from "./sections";
import { toCsv } from "./table";
import { results } from "./testdata/results";
import { type CausalImpactResult, isCausalImpact } from "./types";

const ids = (result: CausalImpactResult) => sectionsOf(result).flatMap(({ figures }) => figures.map(({ id }) => id));

describe("the answer of a result", () => {
  it("is one sentence, then its worth, then what it rests on; flags stand for themselves", () => {
    const { sentence, worth, further, flags, facts } = answerOf(results.experiment);
    expect(sentence).toBe(
      "Where treat is 1, re78 is 1,676 higher (95 % interval 345 to 3,007) on average than where it is 0, with 8 covariates held fixed.",
    );
    expect(worth).toMatch(/^The treatment gained 310,035 units of re78, worth 310,035/);
    expect(further).toHaveLength(2);
    expect(flags).toMatch(/^One red flag: sample-ratio mismatch/);
    expect(facts.find(({ name }) => name === "Return on cost")?.value).toBe("1.55 (0.3192 to 2.781)");
  });

  it("says the other arms too", () => {
    expect(answerOf(results.arms).further[0]).toMatch(/^The other arms against the same: mail 0.5542/);
    expect(answerOf(results.arms).flags).toMatch(/^That does not prove the effect/);
  });

  it("is not looked for in results of other agents", () => {
    expect(isCausalImpact("causal_impact", results.panel)).toBe(true);
    expect(isCausalImpact("canary", results.panel)).toBe(false);
    for (const odd of [null, 3, {}, { ...results.panel, estimates: undefined }]) {
      expect(isCausalImpact("causal_impact", odd)).toBe(false);
    }
  });
});

describe("what speaks against it", () => {
  it("is every check of the answer, flagged or not", () => {
    const checks = checksOf(results.observational);
    expect(checks.filter(({ flagged }) => flagged).map(({ check }) => check)).toEqual(["overlap", "before_after"]);
    expect(checks.map(({ check }) => check)).toContain("placebo_treatment");
    expect(checksOf(results.panel).map(({ check }) => check)).toEqual(
      expect.arrayContaining(["pre_trend", "placebo_in_time", "bootstrap"]),
    );
    expect(checksOf(results.arms)).toEqual([]);
  });

  it("tells no warning twice, and none that a red flag has told", () => {
    expect(furtherWarnings(results.amount).map(({ code }) => code)).toEqual(["no_negative_control"]);
    expect(furtherWarnings(results.observational).map(({ code }) => code)).toEqual(["imbalance", "poor_overlap"]);
  });
});

describe("the plots of a result", () => {
  it("are those that its design has", () => {
    expect(ids(results.experiment)).toEqual([
      "estimates",
      "balance",
      ...["placebo-treatment", "random-common-cause", "data-subset", "bootstrap"].map(
        (refuter) => `refuter-${refuter}-regression-adjustment`,
      ),
    ]);
    expect(ids(results.observational)).toEqual(
      expect.arrayContaining(["estimates", "balance", "overlap", "sensitivity-ancova"]),
    );
    expect(ids(results.panel)).toEqual(expect.arrayContaining(["event-study", "by-cohort", "by-period"]));
    expect(ids(results.twoTimes)).toContain("two-times");
    expect(ids(results.arms)).toEqual(["contrasts"]);
  });

  it("say in words and in a table what they show", () => {
    for (const result of Object.values(results)) {
      for (const figure of sectionsOf(result).flatMap(({ figures }) => figures)) {
        expect(figure.label, figure.id).not.toBe("");
        expect(figure.lookFor, figure.id).toMatch(/[.]$/);
        expect(figure.table.rows.length, figure.id).toBeGreaterThan(0);
        expect(figure.table.rows.every((row) => row.length === figure.table.columns.length)).toBe(true);
      }
    }
  });

  it("offer every estimator's refuters, those of the answer first", () => {
    const refuters = sectionsOf(results.observational).find(({ id }) => id === "refuters");
    expect(refuters?.choices?.[0]?.name).toBe("ANCOVA");
    expect(refuters?.choices).toHaveLength(6);
    expect(refuters?.choices?.every(({ figures }) => figures.length === 4)).toBe(true);
  });
});

describe("files of a result", () => {
  it("is CSV that every program reads, with numbers in full", () => {
    const csv = toCsv(estimatesTable(results.experiment)).split("\r\n");
    expect(csv[0]).toMatch(/^estimator,whose effect,estimate,/);
    expect(csv[1]).toMatch(/^Regression adjustment,average over everybody,1675\.86\d+,/);
    const odd = {
      columns: ["a", "b"],
      rows: [
        ['say "hi", you', "=HYPERLINK(1)"],
        [null, -1.5],
      ],
    };
    expect(toCsv(odd)).toBe(`a,b\r\n"say ""hi"", you",'=HYPERLINK(1)\r\n,-1.5\r\n`);
  });

  it("is a report without script or anything from elsewhere, with all plots in it and every text escaped", async () => {
    const evil = `<img src=x onerror="alert(1)"></text><script>alert(1)</script>`;
    const text = JSON.stringify(results.observational)
      .replaceAll("re78", evil.replaceAll('"', '\\"'))
      .replaceAll("'black'", "`black`");
    const result = JSON.parse(text) as CausalImpactResult;
    result.diagnostics.balance.rows[0] = { covariate: evil, level: evil, value: 1, flagged: true };
    const html = await reportHtml({
      question: `Did treat move ${evil}?`,
      agent: "causal_impact",
      about: [{ name: "Data", value: evil }],
      result,
      draw: ({ option, height }) => Promise.resolve(drawSvg(option, { width: 800, height })),
    });
    expect(html).not.toMatch(/<script|<img|<\/text><|onerror="/i);
    expect(html).not.toMatch(/(href|src|url)\s*[=(]\s*["']?\s*(https?:|\/\/|javascript:|data:)/i);
    expect(html.match(/<svg/g)).toHaveLength(ids(result).length);
    const document = new DOMParser().parseFromString(html, "text/html");
    expect(document.querySelectorAll("script, img, iframe, link, object, embed, foreignObject")).toHaveLength(0);
    const handlers = [...document.querySelectorAll("*")]
      .flatMap(({ attributes }) => [...attributes])
      .filter(({ name }) => name.startsWith("on"));
    expect(handlers).toEqual([]);
    expect(document.querySelector("h1")?.textContent).toBe(`Did treat move ${evil}?`);
  });
});
