import { useMutation } from "@tanstack/react-query";

import { useApi } from "../app/platform";

/** Opens MLflow to this browser for 15 minutes and goes to one of its pages. */
export function useOpenMlflow() {
  const api = useApi();
  return useMutation({
    async mutationFn(path: string) {
      await api.POST("/api/v1/admin/mlflow-session");
      window.location.assign(path);
    },
  });
}
