/** A question that can be asked without data of one's own. */
export interface Demo {
  readonly id: "nsw" | "panel";
  readonly title: string;
  readonly about: string;
  /** Where the app is served from. */
  readonly file: string;
  /** What the dataset will be called. */
  readonly dataset: string;
  readonly agent: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The experiment that `make demo` asks about. */
const NSW: Demo = {
  id: "nsw",
  title: "A job training experiment",
  about:
    "445 people of the National Supported Work programme (1976), some offered training by chance. Did it raise what they earned two years later?",
  file: "/demo/nsw.csv",
  dataset: "nsw",
  agent: "causal_impact",
  parameters: {
    outcome: "re78",
    treatment: "treat",
    covariates: ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"],
    squared: ["age"],
    design: "randomised",
    estimator: "difference_in_means",
  },
};

/** Prescribers who join, 231 of 600, at an invented 1,800 each. */
const PANEL_COST = 231 * 1800;

/** The invented panel that `make demo-panel` asks about. */
const PANEL: Demo = {
  id: "panel",
  title: "A speaker programme over two years",
  about:
    "600 invented prescribers over 24 months who join a programme at different times. Did it move new prescriptions, and was it worth its cost?",
  file: "/demo/panel.csv",
  dataset: "synthetic prescribers",
  agent: "causal_impact",
  parameters: {
    outcome: "new_prescriptions",
    unit: "prescriber",
    time: "month",
    treatment_start: "programme_start",
    covariates: [],
    value_per_unit: 90,
    cost: PANEL_COST,
  },
};

export const DEMOS: readonly Demo[] = [NSW, PANEL];
