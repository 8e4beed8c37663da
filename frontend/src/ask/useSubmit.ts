import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { isTemporary } from "../api/problem";
import { useApi } from "../app/platform";
import { retryDelayMs } from "../app/queryClient";
import { IdempotencyKeys } from "./idempotency";
import type { Request } from "./useExpectation";

const MAX_RETRIES = 8;

/** Submits a question once, however often it must be sent until the platform has answered. */
export function useSubmit() {
  const api = useApi();
  const client = useQueryClient();
  const idempotency = useRef(new IdempotencyKeys());
  return useMutation({
    mutationFn: (request: Request) => {
      const header = { "Idempotency-Key": idempotency.current.keyFor(request) };
      return body(api.POST("/api/v1/analyses", { body: request, params: { header } }));
    },
    retry: (failures, error) => isTemporary(error) && failures < MAX_RETRIES,
    retryDelay: retryDelayMs,
    onSuccess: (analysis) => {
      client.setQueryData(keys.analysis(analysis.id), analysis);
      void client.invalidateQueries({ queryKey: [...keys.analyses, "list"] });
    },
  });
}
