import type { LogShown } from "./lines";

/** The places in the list of the lines that hold the text, whatever its case; none for an empty text. */
export function find({ lines, count }: LogShown, text: string): readonly number[] {
  const wanted = text.toLowerCase();
  const found: number[] = [];
  if (wanted === "") {
    return found;
  }
  for (let place = 0; place < count; place += 1) {
    if (lines[place]?.line.toLowerCase().includes(wanted) === true) {
      found.push(place);
    }
  }
  return found;
}

/** A line cut where the text stands in it: every second piece is it. */
export function pieces(line: string, text: string): readonly string[] {
  const wanted = text.toLowerCase();
  const lower = line.toLowerCase();
  // Some letters change their length with their case: then the places do not fit.
  if (wanted === "" || lower.length !== line.length) {
    return [line];
  }
  const cut: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    cut.push(line.slice(from, at), line.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  cut.push(line.slice(from));
  return cut;
}

/** The hit after (or before) the one that is looked at; around the end to the other. */
export function turn(hits: number, at: number, by: 1 | -1): number {
  return hits === 0 ? 0 : (at + by + hits) % hits;
}
