import { useQuery } from "@tanstack/react-query";

import { keys } from "../../../api/keys";
import { toProblem } from "../../../api/problem";
import { usePlatform } from "../../../app/platform";

/** How many bytes a table may have, as the platform says; null where it does not. */
export function useUploadLimit() {
  const { fetch } = usePlatform();
  return useQuery({
    queryKey: [...keys.uploads, "limit"],
    queryFn: async () => {
      const response = await fetch("/api/v1/uploads", { method: "OPTIONS" });
      if (!response.ok) {
        throw await toProblem(response);
      }
      const limit = Number(response.headers.get("tus-max-size"));
      return limit > 0 ? limit : null;
    },
    staleTime: Infinity,
  });
}
