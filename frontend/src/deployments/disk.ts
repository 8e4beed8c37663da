import type { Disk } from "./types";

/** A part of the disk, as the bar shows it. */
export interface DiskShare {
  readonly name: string;
  readonly sizeBytes: number;
  /** Of the whole disk, 0 to 1. */
  readonly share: number;
  readonly color: string;
}

const COLORS = ["blue.6", "teal.6", "grape.6", "orange.6", "cyan.6", "pink.6", "lime.6", "indigo.4"];
const OTHER = "gray.5";

/** The known parts, the largest first, and what else is used. */
export function diskShares({ total_bytes: total, free_bytes: free, parts }: Disk): readonly DiskShare[] {
  const known = parts
    .filter(({ size_bytes }) => size_bytes > 0)
    .toSorted((one, other) => other.size_bytes - one.size_bytes);
  const rest = total - free - known.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  const share = (size: number) => (total === 0 ? 0 : size / total);
  return [
    ...known.map(({ name, size_bytes: size }, index) => ({
      name,
      sizeBytes: size,
      share: share(size),
      color: COLORS[index] ?? OTHER,
    })),
    ...(rest > 0 ? [{ name: "everything else", sizeBytes: rest, share: share(rest), color: OTHER }] : []),
  ];
}
