import type { Part } from "./types";

/** A part in its place. */
export interface Node {
  readonly part: Part;
  readonly x: number;
  readonly y: number;
}

/** From what a part stands on to the part. */
export interface Edge {
  readonly id: string;
  /** For SVG. */
  readonly path: string;
  /** What is wrong goes this way. */
  readonly bad: boolean;
}

export interface Graph {
  readonly width: number;
  readonly height: number;
  readonly boxWidth: number;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

export const BOX_HEIGHT = 58;
const GAP_Y = 14;
const LEAST_GAP_X = 24;
const MOST_GAP_X = 120;
const LEAST_BOX = 84;
const MOST_BOX = 184;
const SWEEPS = 4;

/** Those that stand on something, or that something stands on; and those that do neither. */
export function connected(parts: readonly Part[]): readonly [connected: readonly Part[], alone: readonly Part[]] {
  const known = new Set(parts.map(({ id }) => id));
  const named = new Set(parts.flatMap(({ parents }) => parents));
  const isIn = ({ id, parents }: Part) => named.has(id) || parents.some((parent) => known.has(parent));
  return [parts.filter(isIn), parts.filter((part) => !isIn(part))];
}

/** Lays the parts out from the left to the right: on the left what everything stands on. */
export function graphOf(parts: readonly Part[], width: number): Graph {
  const parents = directParents(parts);
  const layers = ordered(layersOf(parts, parents), parents);
  const count = Math.max(layers.length, 1);
  const boxWidth = Math.min(MOST_BOX, Math.max(LEAST_BOX, (width - (count - 1) * LEAST_GAP_X) / count));
  const free = (width - count * boxWidth) / Math.max(count - 1, 1);
  const gap = Math.min(MOST_GAP_X, Math.max(LEAST_GAP_X, free));
  const tallest = Math.max(0, ...layers.map(({ length }) => length));
  const height = Math.max(tallest * (BOX_HEIGHT + GAP_Y) - GAP_Y, 0);
  const nodes = layers.flatMap((layer, column) => {
    const top = (height - (layer.length * (BOX_HEIGHT + GAP_Y) - GAP_Y)) / 2;
    return layer.map((part, row) => ({ part, x: column * (boxWidth + gap), y: top + row * (BOX_HEIGHT + GAP_Y) }));
  });
  const edges = edgesOf(nodes, parents, boxWidth);
  return { width: count * boxWidth + (count - 1) * gap, height, boxWidth, nodes, edges };
}

type Parents = ReadonlyMap<string, readonly string[]>;

/** Without what follows: who stands on the gateway stands on its database too. */
function directParents(parts: readonly Part[]): Parents {
  const known = new Map(parts.map((part) => [part.id, part]));
  const above = (id: string, seen: Set<string>): Set<string> => {
    for (const parent of known.get(id)?.parents ?? []) {
      if (known.has(parent) && !seen.has(parent)) {
        seen.add(parent);
        above(parent, seen);
      }
    }
    return seen;
  };
  return new Map(
    parts.map(({ id, parents }) => {
      const own = parents.filter((parent) => known.has(parent) && parent !== id);
      const follows = (parent: string) => own.some((other) => other !== parent && above(other, new Set()).has(parent));
      return [id, own.filter((parent) => !follows(parent))];
    }),
  );
}

/** As far from the ground as each must be; what stands on nothing as near to what stands on it as it may be. */
function layersOf(parts: readonly Part[], parents: Parents): readonly Part[][] {
  const children = new Map(
    parts.map(({ id }) => [id, parts.flatMap((part) => (parents.get(part.id)?.includes(id) ? [part.id] : []))]),
  );
  const height = longest(children);
  const deepest = Math.max(0, ...parts.map(({ id }) => height(id)));
  const start = (id: string) => (parents.get(id)?.length === 0 ? deepest - height(id) : 0);
  const depth = longest(parents, start);
  const depths = parts.map(({ id }) => depth(id));
  const layers = [...new Set(depths)].toSorted((one, other) => one - other);
  return layers.map((layer) => parts.filter((_, index) => depths[index] === layer));
}

/** The longest way from each along `next`, which may begin further than at 0. A ring is cut where it closes. */
function longest(next: Parents, start: (id: string) => number = () => 0): (id: string) => number {
  const known = new Map<string, number>();
  const way = (id: string, before: ReadonlySet<string>): number => {
    const found = known.get(id);
    if (found !== undefined) {
      return found;
    }
    const seen = new Set([...before, id]);
    const ways = (next.get(id) ?? []).filter((other) => !seen.has(other)).map((other) => way(other, seen) + 1);
    const length = Math.max(start(id), ...ways);
    known.set(id, length);
    return length;
  };
  return (id) => way(id, new Set());
}

/** Each where its neighbours are, so that few lines cross. */
function ordered(layers: readonly Part[][], parents: Parents): readonly Part[][] {
  let sorted = layers;
  const neighbours = (one: Part, other: Part) =>
    parents.get(one.id)?.includes(other.id) === true || parents.get(other.id)?.includes(one.id) === true;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const step = sweep % 2 === 0 ? -1 : 1;
    sorted = sorted.map((layer, column) => {
      const next = sorted[column + step] ?? [];
      const centre = (part: Part, own: number) => {
        const places = next.flatMap((other, place) => (neighbours(part, other) ? [place / next.length] : []));
        return places.length === 0 ? own / layer.length : places.reduce((sum, place) => sum + place, 0) / places.length;
      };
      const weights = new Map(layer.map((part, own) => [part, centre(part, own)]));
      return layer.toSorted((one, other) => (weights.get(one) ?? 0) - (weights.get(other) ?? 0));
    });
  }
  return sorted;
}

function edgesOf(nodes: readonly Node[], parents: Parents, boxWidth: number): Edge[] {
  const places = new Map(nodes.map((node) => [node.part.id, node]));
  return nodes.flatMap((to) =>
    (parents.get(to.part.id) ?? []).flatMap((id): Edge[] => {
      const from = places.get(id);
      return from
        ? [{ id: `${id}-${to.part.id}`, path: curve(from, to, boxWidth), bad: isWayOfTrouble(from.part, to.part) }]
        : [];
    }),
  );
}

function curve(from: Node, to: Node, boxWidth: number): string {
  const [x1, y1] = [from.x + boxWidth, from.y + BOX_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + BOX_HEIGHT / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** Whether the child is down because of the parent, or with it because of the same. */
export function isWayOfTrouble(parent: Part, child: Part): boolean {
  const root = child.state === "fail" ? child.suppressed_by : undefined;
  return typeof root === "string" && parent.state === "fail" && (parent.id === root || parent.suppressed_by === root);
}
