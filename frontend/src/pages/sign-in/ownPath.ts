/** A path of this app, whatever the address bar was made to say: never another site. */
export function ownPath(back: string | undefined): string {
  if (back === undefined || !back.startsWith("/") || back.startsWith("//") || back.includes("\\")) {
    return "/";
  }
  const url = new URL(back, window.location.origin);
  const own = url.origin === window.location.origin && url.pathname !== "/sign-in";
  return own ? `${url.pathname}${url.search}${url.hash}` : "/";
}
