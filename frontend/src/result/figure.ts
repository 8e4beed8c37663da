import type { EChartsOption } from "echarts";

import type { Table } from "./table";

/** One plot of a result with all that stands around it: shown, exported and printed from the same data. */
export interface Figure {
  /** Unique in a result; also the name of its files. */
  readonly id: string;
  readonly title: string;
  /** What to look for, in one sentence. */
  readonly lookFor: string;
  /** What was found, in the agent's words, where there are any. */
  readonly finding?: string;
  /** The finding for those who cannot see the plot. */
  readonly label: string;
  readonly option: EChartsOption;
  readonly height: number;
  /** The same in numbers. */
  readonly table: Table;
}

/** Figures that belong together. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  /** Sentences and tables without a plot. */
  readonly findings: readonly string[];
  readonly tables: readonly { readonly title: string; readonly table: Table }[];
  /** Shown one at a time, chosen by name: as the refuters of each estimator. */
  readonly choices?: readonly { readonly name: string; readonly figures: readonly Figure[] }[];
}
