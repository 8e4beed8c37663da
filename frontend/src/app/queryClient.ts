import { QueryClient } from "@tanstack/react-query";

import { ApiProblem, isTemporary } from "../api/problem";

const MAX_RETRIES = 8;

/** The client of server state: tries again where that may help, never where the answer is a clear no. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => isTemporary(error) && failures < MAX_RETRIES,
        retryDelay: (failures, error) => retryDelayMs(failures, error),
      },
      mutations: { retry: false },
    },
  });
}

/** As long as the platform says, else twice as long each time up to 15 s; never all tabs at once. */
export function retryDelayMs(failures: number, error: unknown): number {
  const told = error instanceof ApiProblem ? error.retryAfterS : undefined;
  const base = told === undefined ? Math.min(500 * 2 ** failures, 15_000) : told * 1000;
  return base * (1 + 0.25 * Math.random());
}
