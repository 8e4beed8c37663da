import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";

import { body } from "../../../api/client";
import { keys } from "../../../api/keys";
import { useApi } from "../../../app/platform";
import type { Recipe } from "../../../data/recipe/types";

/** Makes a version by a recipe and opens it. Sent twice, because an answer was lost, the same recipe makes one. */
export function useDerive(sourceId: string) {
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const sent = useRef<{ readonly recipe: string; readonly key: string }>(null);

  const keyOf = (recipe: Recipe): string => {
    const text = JSON.stringify(recipe);
    if (sent.current?.recipe !== text) {
      sent.current = { recipe: text, key: randomKey() };
    }
    return sent.current.key;
  };
  return useMutation({
    mutationFn: (recipe: Recipe) =>
      body(
        api.POST("/api/v1/datasets/{id}/versions", {
          params: { path: { id: sourceId }, header: { "Idempotency-Key": keyOf(recipe) } },
          body: recipe,
        }),
      ),
    onSuccess: async (made) => {
      client.setQueryData(keys.dataset(made.id), made);
      void client.invalidateQueries({ queryKey: keys.datasets, refetchType: "none" });
      await navigate({ to: "/data/$id", params: { id: made.id } });
    },
  });
}

/** `crypto.randomUUID` is not there on plain http. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join("-");
}
