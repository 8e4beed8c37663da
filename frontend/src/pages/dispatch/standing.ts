import type { components } from "../../api/schema";

export type DispatchTold = components["schemas"]["DispatchTold"];
export type JobClass = components["schemas"]["JobClass"];

/** What the classes are, in words. */
export const CLASSES: Record<JobClass, { readonly label: string; readonly means: string }> = {
  small: { label: "Small", means: "short work on little memory" },
  large: { label: "Large", means: "long work or much memory; never in the way of small work" },
};

export interface ClassStanding {
  readonly name: JobClass;
  readonly waiting: number;
  readonly running: number;
  /** Over all workers. */
  readonly places: number;
  readonly paused: components["schemas"]["PausedClass"] | undefined;
}

/** How each class stands, those without jobs included. */
export function classStandings(told: DispatchTold): readonly ClassStanding[] {
  return (["small", "large"] as const).map((name) => {
    const streams = told.streams.filter((stream) => stream.class === name);
    const places = told.workers.map((worker) => (name === "small" ? worker.small_places : worker.large_places));
    return {
      name,
      waiting: sum(streams.map(({ on_redis, behind }) => on_redis + behind)),
      running: sum(streams.map(({ running }) => running)),
      places: sum(places),
      paused: told.paused.find((paused) => paused.class === name),
    };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
