/** The element that holds a part's row. */
export function partElementId(id: string): string {
  return `part-${id}`;
}

/** Brings a part's row into sight and the focus to it. */
export function showPart(id: string): void {
  const row = document.getElementById(partElementId(id));
  row?.scrollIntoView({ block: "center" });
  row?.querySelector("button")?.focus({ preventScroll: true });
}
