import { useBlocker } from "@tanstack/react-router";

import { usePlatform } from "../app/platform";
import { confirm } from "./confirm";

/**
 * Asks before a page with unsaved work is left, by a link, by "back" or by closing the tab. Not when the session is
 * over: then signing in comes first.
 */
export function useUnsavedGuard(unsaved: boolean, what = "what you typed"): void {
  const { session } = usePlatform();
  useBlocker({
    disabled: !unsaved,
    enableBeforeUnload: unsaved,
    shouldBlockFn: async () => {
      if (session.current().state !== "in") {
        return false;
      }
      const leave = await confirm({
        title: "Leave this page?",
        words: `You have not saved ${what}. It is lost when you leave.`,
        verb: "Leave",
        danger: true,
      });
      return !leave;
    },
  });
}
