import { useSyncExternalStore } from "react";

import { usePlatform } from "../app/platform";
import type { SignedIn } from "./session";

/** Who is signed in; renders again when that changes. */
export function useSignedIn(): SignedIn {
  const { session } = usePlatform();
  return useSyncExternalStore(session.subscribe, session.current);
}
