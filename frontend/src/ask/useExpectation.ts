import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import type { components } from "../api/schema";
import { useApi } from "../app/platform";

export type Expectation = components["schemas"]["Expectation"];
export type Request = components["schemas"]["SubmitAnalysis"];

const DEBOUNCE_MS = 350;

/** What a question would take, asked when nobody has typed for a moment; it is checked like a submission. */
export function useExpectation(request: Request | undefined) {
  const api = useApi();
  const [settled] = useDebouncedValue(request, DEBOUNCE_MS);
  const query = useQuery({
    queryKey: keys.expectation(settled ?? {}),
    queryFn: () => body(api.POST("/api/v1/analyses/expectation", { body: settled ?? { agent: "" } })),
    enabled: settled !== undefined && request !== undefined,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  // What was found of the question as it was is not told of the question as it is.
  const isCurrent = settled !== undefined && JSON.stringify(settled) === JSON.stringify(request);
  return { ...query, error: isCurrent ? query.error : null, isCurrent };
}
