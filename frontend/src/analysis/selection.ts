/** The two that are to be compared: a third takes the place of the one chosen first. */
export function toggled(selected: readonly string[], id: string): readonly string[] {
  return selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id].slice(-2);
}
