import { formatCount, formatPercent, formatPValue } from "../format";
import type { Fact } from "./answer";
import type { Table } from "./table";
import type { CausalImpactResult } from "./types";
import { capital, estimatorName, inWords } from "./words";

export interface TitledTable {
  readonly title: string;
  readonly table: Table;
}

/** Rows, missing values and the design's own tests. */
export function rowFacts({ diagnostics }: CausalImpactResult): Fact[] {
  const { rows_given, rows_used, rows_dropped, split, joint_balance, absorbed, missing } = diagnostics;
  return [
    { name: "Rows of the dataset", value: formatCount(rows_given) },
    { name: "Rows used", value: formatCount(rows_used) },
    ...(rows_dropped > 0 ? [{ name: "Rows dropped for missing values", value: formatCount(rows_dropped) }] : []),
    ...missing.map(({ column, count }) => ({ name: `Missing in ${column}`, value: formatCount(count) })),
    ...(split ? [{ name: "Share of treated rows", value: formatPercent(split.treated_share) }] : []),
    ...(joint_balance
      ? [{ name: "Joint test of balance", value: `p ${formatPValue(joint_balance.p_value).replace(/^(?!<)/, "= ")}` }]
      : []),
    ...(absorbed ? [{ name: `Levels of ${absorbed.column}, absorbed`, value: formatCount(absorbed.count) }] : []),
  ];
}

/** Outcome and covariates in each arm. */
export function columnTables({ diagnostics }: CausalImpactResult): TitledTable[] {
  const numbers = diagnostics.columns.flatMap(({ column, arms }) =>
    arms.map((arm) => [column, arm.arm, arm.rows, arm.mean, arm.standard_deviation, ...arm.quantiles]),
  );
  const levels = diagnostics.columns.flatMap(({ column, levels: shares }) =>
    shares.map(({ arm, level, rows, share }) => [column, level, arm, rows, share]),
  );
  const tables = [
    {
      title: "Columns in each group",
      table: {
        columns: [
          "column",
          "group",
          "rows",
          "mean",
          "standard deviation",
          "minimum",
          "lower quartile",
          "median",
          "upper quartile",
          "maximum",
        ],
        rows: numbers,
      },
    },
    {
      title: "Categories in each group",
      table: { columns: ["column", "level", "group", "rows", "share"], rows: levels },
    },
  ];
  return tables.filter(({ table }) => table.rows.length > 0);
}

/** What exactly each number is, so that it comes out elsewhere too. */
export function conventionTable({ estimates }: CausalImpactResult): Table {
  return {
    columns: ["estimator", "standard error", "formula", "degrees of freedom", "clusters", "folds", "same as"],
    rows: estimates.map(({ estimator, convention, folds }) => [
      estimatorName(estimator),
      inWords(convention.kind),
      convention.formula,
      convention.degrees_of_freedom ?? null,
      convention.clusters ?? null,
      folds ?? null,
      convention.same_as.join("; "),
    ]),
  };
}

/** How well the models behind doubly robust estimators predict, what matching and weighting did. */
export function workingsTables({ estimates }: CausalImpactResult): TitledTable[] {
  const nuisances = estimates.flatMap(({ estimator, nuisances: models }) =>
    models.map(({ name, r_squared, root_mean_squared_error }) => [
      estimatorName(estimator),
      name,
      r_squared,
      root_mean_squared_error,
    ]),
  );
  const matching = estimates.flatMap(({ estimator, matching: found }) =>
    found
      ? [
          [
            estimatorName(estimator),
            found.matched,
            found.unmatched_treated,
            found.unmatched_control,
            found.largest_difference_before,
            found.largest_difference_after,
          ],
        ]
      : [],
  );
  const weighting = estimates.flatMap(({ estimator, weighting: done }) =>
    done
      ? [
          [
            estimatorName(estimator),
            done.trimmed_treated,
            done.trimmed_control,
            done.effective_treated_rows,
            done.effective_control_rows,
            done.largest_weight_share,
          ],
        ]
      : [],
  );
  const tables = [
    {
      title: "How well the models predict rows they have not seen",
      table: { columns: ["estimator", "model of", "share explained (R²)", "root mean squared error"], rows: nuisances },
    },
    {
      title: "What matching found",
      table: {
        columns: [
          "estimator",
          "matched rows",
          "treated without a match",
          "control without a match",
          "largest difference before",
          "after",
        ],
        rows: matching,
      },
    },
    {
      title: "What weighting did",
      table: {
        columns: [
          "estimator",
          "treated trimmed",
          "control trimmed",
          "treated rows in effect",
          "control rows in effect",
          "largest share of one row",
        ],
        rows: weighting,
      },
    },
  ];
  return tables.filter(({ table }) => table.rows.length > 0);
}

/** Parameters in words; those left at nothing are not told. */
export function parameterFacts(parameters: Record<string, unknown>): Fact[] {
  return Object.entries(parameters)
    .filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => ({ name: capital(inWords(name)), value: valueWords(value) }));
}

export function valueWords(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return String(value);
    case "boolean":
      return value ? "yes" : "no";
    case "object":
      return value === null
        ? "none"
        : Array.isArray(value)
          ? value.map(valueWords).join(", ") || "none"
          : JSON.stringify(value);
    default:
      return "none";
  }
}

export function versionFacts(result: CausalImpactResult, agent: string): Fact[] {
  return [
    { name: "Agent", value: `${agent}, version ${result.versions.agent}` },
    { name: "Numerics (crate causal)", value: result.versions.causal },
    { name: "Seed", value: String(result.seed), meaning: "Same seed, same folds and simulations." },
  ];
}
