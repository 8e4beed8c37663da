import type { Deployment, StepView, Summary } from "./types";

/** A deployment after one of its steps began or ended. A step that was not foreseen comes last: the way back. */
export function withStep(deployment: Deployment, step: StepView): Deployment {
  const known = deployment.steps.some((one) => one.step === step.step);
  const steps = known
    ? deployment.steps.map((one) => (one.step === step.step ? step : one))
    : [...deployment.steps, step];
  return { ...deployment, steps };
}

/** A deployment after its state changed. */
export function withState(deployment: Deployment, summary: Summary): Deployment {
  return summary.id === deployment.id ? { ...deployment, ...summary } : deployment;
}
