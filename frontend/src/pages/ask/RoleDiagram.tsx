import { Card, Text } from "@mantine/core";

import type { Field } from "../../ask/schema";
import type { Values } from "../../ask/values";
import { diagramOf } from "../../ask/diagram";
import classes from "./RoleDiagram.module.css";

const WIDTH = 440;
const NODE_WIDTH = 132;
const NODE_HEIGHT = 44;
const LONGEST = 17;

interface Props {
  readonly fields: readonly Field[];
  readonly values: Values;
}

/** What the question assumes to move what, drawn from the roles. */
export function RoleDiagram({ fields, values }: Props) {
  const { nodes, arrows, words, height } = diagramOf(fields, values);
  if (nodes.length === 0) {
    return null;
  }
  const place = new Map(nodes.map((node) => [node.id, node]));
  return (
    <Card withBorder component="figure" m={0}>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={words} className={classes["diagram"]}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8Z" className={classes["tip"]} />
          </marker>
        </defs>
        {arrows.map(({ from, to, isAsked }) => {
          const [start, end] = [place.get(from), place.get(to)];
          return (
            start &&
            end && (
              <line
                key={`${from} ${to}`}
                {...between(start, end)}
                className={isAsked ? classes["asked"] : classes["arrow"]}
                markerEnd="url(#arrow)"
              />
            )
          );
        })}
        {nodes.map(({ id, title, columns, x, y }) => (
          <g key={id} transform={`translate(${x - NODE_WIDTH / 2} ${y - NODE_HEIGHT / 2})`}>
            <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx={6} className={classes["node"]} />
            <text x={NODE_WIDTH / 2} y={17} textAnchor="middle" className={classes["role"]}>
              {shortened(title, LONGEST + 4)}
            </text>
            <text x={NODE_WIDTH / 2} y={34} textAnchor="middle" className={classes["column"]}>
              {shortened(columns.length > 1 ? `${columns.length} columns` : (columns[0] ?? ""), LONGEST)}
            </text>
          </g>
        ))}
      </svg>
      <Text component="figcaption" size="xs" c="dimmed" mt="xs">
        {words}
      </Text>
    </Card>
  );
}

/** From the edge of one box to the edge of the other. */
function between(from: { x: number; y: number }, to: { x: number; y: number }) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const reach = (width: number, height: number) =>
    Math.min(width / 2 / Math.max(Math.abs(dx), 1e-9), height / 2 / Math.max(Math.abs(dy), 1e-9));
  const out = reach(NODE_WIDTH, NODE_HEIGHT);
  const into = reach(NODE_WIDTH + 8, NODE_HEIGHT + 8);
  return { x1: from.x + dx * out, y1: from.y + dy * out, x2: to.x - dx * into, y2: to.y - dy * into };
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
