import type { SessionStore } from "./session";

/** Calls when somebody else than before is signed in: what was loaded for one person must not be shown to another. */
export function onOtherPerson(session: Pick<SessionStore, "current" | "subscribe">, forget: () => void): () => void {
  const id = () => {
    const now = session.current();
    return now.state === "in" ? now.session.user.id : undefined;
  };
  let last = id();
  return session.subscribe(() => {
    const now = id();
    if (now === undefined || now === last) {
      return;
    }
    if (last !== undefined) {
      forget();
    }
    last = now;
  });
}
