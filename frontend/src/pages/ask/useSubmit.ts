import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { ApiProblem } from "../../api/problem";
import type { components } from "../../api/schema";
import { useApi } from "../../app/platform";
import { complaints } from "../../ask/values";

type Submission = components["schemas"]["SubmitAnalysis"];

/** Submits a question, at most once however often the button is pressed, and leads to its page. */
export function useSubmit() {
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  /** Kept until the question changes: what was sent twice is one analysis. */
  const idempotencyKey = useRef<string>(undefined);
  const mutation = useMutation({
    mutationFn: (submission: Submission) => {
      idempotencyKey.current ??= randomKey();
      const headers = { "Idempotency-Key": idempotencyKey.current };
      return body(api.POST("/api/v1/analyses", { body: submission, params: { header: headers } }));
    },
    onSuccess: async (analysis) => {
      client.setQueryData(keys.analysis(analysis.id), analysis);
      void client.invalidateQueries({ queryKey: [...keys.analyses, "list"] });
      await navigate({ to: "/analyses/$id", params: { id: analysis.id } });
    },
  });
  return {
    ...mutation,
    /** The API's complaints by field. */
    complaints: mutation.error instanceof ApiProblem ? complaints(mutation.error.body["errors" as never]) : {},
    /** The question has changed: the next submission is another. */
    forget: () => {
      idempotencyKey.current = undefined;
      if (mutation.isError) {
        mutation.reset();
      }
    },
  };
}

/** `crypto.randomUUID` is missing on a page that came over plain http from another machine. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
