import { useMutation, useQueryClient } from "@tanstack/react-query";

import { keys } from "../api/keys";
import { ApiProblem } from "../api/problem";
import { useDeployer } from "./queries";

type Deployer = ReturnType<typeof useDeployer>;

/** An order to the deployer. Whatever comes of it, what is shown is asked for again. */
export function useOrder<V, T>(give: (deployer: Deployer, order: V) => Promise<T>, onDone: (answer: T) => void) {
  const deployer = useDeployer();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (order: V) => give(deployer, order),
    onSuccess: onDone,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.deployments });
    },
  });
}

/** Whether the order was refused because its giver signed in too long ago. */
export function needsFreshSignIn(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 403 && error.kind === "fresh-sign-in-required";
}

/** Whether the release cannot read the database as it is now: only a forced order takes it nevertheless. */
export function isSchemaTooNew(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 409 && error.kind === "schema-too-new";
}

/** Jobs that nobody could run after the order, as a refusal names them. */
export function strandedJobs(error: unknown): readonly string[] {
  const jobs: unknown = error instanceof ApiProblem ? error.body["stranded_jobs"] : undefined;
  return Array.isArray(jobs) ? jobs.filter((job) => typeof job === "string") : [];
}
