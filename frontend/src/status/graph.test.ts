import { describe, expect, it } from "vitest";

import { BOX_HEIGHT, type Graph, connected, graphOf, isWayOfTrouble } from "./graph";
import { part, platformParts, postgresDown } from "./testing";

const [together] = connected(platformParts());
const at = ({ nodes }: Graph, id: string) => nodes.find((node) => node.part.id === id);

function expectNoOverlap({ nodes, boxWidth }: Graph): void {
  for (const [index, one] of nodes.entries()) {
    for (const other of nodes.slice(index + 1)) {
      const apart = Math.abs(one.x - other.x) >= boxWidth || Math.abs(one.y - other.y) >= BOX_HEIGHT;
      expect(apart, `${one.part.id} and ${other.part.id}`).toBe(true);
    }
  }
}

describe("what stands on what", () => {
  it("leaves out what stands by itself", () => {
    const [, alone] = connected(platformParts());
    expect(alone.map(({ id }) => id)).toEqual(["frontend", "disk"]);
    expect(connected([part("a", { parents: ["unknown"] })])[1]).toHaveLength(1);
  });

  it("goes from the left to the right, and nothing covers anything", () => {
    for (const width of [300, 640, 1100]) {
      const graph = graphOf(together, width);
      for (const { part: child, x } of graph.nodes) {
        for (const parent of child.parents) {
          expect(at(graph, parent)?.x, `${parent} before ${child.id}`).toBeLessThan(x);
        }
      }
      expectNoOverlap(graph);
      expect(graph.width).toBeLessThanOrEqual(Math.max(width, 300));
      expect(Math.max(...graph.nodes.map(({ y }) => y)) + BOX_HEIGHT).toBeLessThanOrEqual(graph.height);
    }
  });

  it("puts what stands on nothing right before what stands on it", () => {
    const graph = graphOf(together, 1100);
    expect(at(graph, "nginx")?.x).toBe(at(graph, "gateway")?.x);
  });

  it("draws no line through a box, as far as there is another way", () => {
    const more = [...together, part("certificate", { parents: ["nginx"] }), part("mlflow", { parents: ["postgres"] })];
    const graph = graphOf(more, 1100);
    const columns = [...new Set(graph.nodes.map(({ x }) => x))].toSorted((one, other) => one - other);
    for (const { id } of graph.edges) {
      const [parent = "", child = ""] = id.split("-");
      const column = (name: string) => columns.indexOf(at(graph, name)?.x ?? NaN);
      expect(column(child) - column(parent), id).toBe(1);
    }
    expect(columns).toHaveLength(3);
  });

  it("draws no line that follows from others", () => {
    const ids = graphOf(together, 1100).edges.map(({ id }) => id);
    expect(ids.toSorted()).toEqual([
      "gateway-canary",
      "nginx-canary",
      "postgres-gateway",
      "postgres-worker",
      "redis-worker",
      "worker-canary",
    ]);
  });

  it("shows which way trouble goes", () => {
    const bad = graphOf(connected(postgresDown())[0], 1100).edges.filter((edge) => edge.bad);
    expect(bad.map(({ id }) => id).toSorted()).toEqual([
      "gateway-canary",
      "postgres-gateway",
      "postgres-worker",
      "worker-canary",
    ]);
    const [well, ill] = [part("a"), part("b", { state: "fail", suppressed_by: "a" })];
    expect(isWayOfTrouble(well, ill)).toBe(false);
    expect(isWayOfTrouble(part("a", { state: "fail" }), part("b", { state: "fail" }))).toBe(false);
  });

  it("survives parts that stand on one another in a ring, on themselves, and none at all", () => {
    const ring = [part("a", { parents: ["b"] }), part("b", { parents: ["a"] }), part("c", { parents: ["c", "a"] })];
    const graph = graphOf(ring, 640);
    expect(graph.nodes).toHaveLength(3);
    expectNoOverlap(graph);
    expect(graphOf([], 640).height).toBe(0);
  });
});
