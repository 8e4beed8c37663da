import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";

/** What can be done to an analysis. */
export function useActions(id: string) {
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = { params: { path: { id } } };
  const read = () => client.invalidateQueries({ queryKey: keys.analysis(id), exact: true });

  const cancel = useMutation({ mutationFn: () => api.POST("/api/v1/analyses/{id}/cancel", path), onSettled: read });
  const retry = useMutation({ mutationFn: () => api.POST("/api/v1/analyses/{id}/retry", path), onSettled: read });
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/v1/analyses/{id}", path),
    async onSuccess() {
      await navigate({ to: "/analyses" });
      client.removeQueries({ queryKey: keys.analysis(id) });
      await client.invalidateQueries({ queryKey: keys.analyses });
    },
  });
  return { cancel, retry, remove };
}
