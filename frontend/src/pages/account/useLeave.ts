import { useMutation } from "@tanstack/react-query";

import { usePlatform } from "../../app/platform";
import type { SignOutScope } from "../../auth/session";
import { notifyProblem } from "../../components/notify";

/** Signs out: the pages follow by themselves. */
export function useLeave() {
  const { session } = usePlatform();
  return useMutation({
    mutationFn: (scope: SignOutScope) => session.leave(scope),
    onError: (error) => {
      notifyProblem("You are still signed in: the platform could not be told", error);
    },
  });
}
