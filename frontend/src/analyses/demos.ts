/** The two tables with a known answer that a new person can begin with. */
export interface Demo {
  readonly title: string;
  readonly about: string;
  /** What the button does, in words. */
  readonly action: string;
  readonly file: string;
  readonly dataset: string;
  readonly agent: string;
  readonly parameters: Record<string, unknown>;
}

export const DEMOS: readonly Demo[] = [
  {
    title: "A job training experiment",
    about:
      "445 people of 1975, some of them given training by chance (LaLonde 1986). Did it raise what they earned in 1978? The published answer is 1,794 dollars.",
    action: "Load the experiment and ask",
    file: "/demo/nsw.csv",
    dataset: "nsw",
    agent: "causal_impact",
    parameters: {
      treatment: "treat",
      outcome: "re78",
      design: "randomised",
      covariates: ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"],
      squared: ["age"],
    },
  },
  {
    title: "A speaker programme",
    about:
      "600 invented prescribers over 24 months; some join a speaker programme at three different times. Did they prescribe more because of it, and was it worth its cost?",
    action: "Load the panel and ask",
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
      cost: 415_800,
    },
  },
];
