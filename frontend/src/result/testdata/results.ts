import type { CausalImpactResult } from "../types";
import amount from "./amount.json";
import arms from "./arms.json";
import confounded from "./confounded.json";
import experiment from "./experiment.json";
import observational from "./observational.json";
import panel from "./panel.json";
import twoTimes from "./two_times.json";

/**
 * Results that the agent gave for published data (testdata/SOURCES.md), with thirty of each refuter's simulations:
 * NSW, NSW with CPS, Darfur, a synthetic panel, Kiel-McClain, synthetic arms, NHEFS by amount.
 */
export const results = { experiment, observational, confounded, panel, twoTimes, arms, amount } as unknown as Record<
  "experiment" | "observational" | "confounded" | "panel" | "twoTimes" | "arms" | "amount",
  CausalImpactResult
>;
