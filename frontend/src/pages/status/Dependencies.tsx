import { Group, Stack, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";

import { GraphBox } from "./GraphBox";
import classes from "./status.module.css";
import { StateIcon } from "./StateIcon";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Section } from "../../components/Section";
import { connected, graphOf } from "../../status/graph";
import type { Part } from "../../status/types";
import { standingWords, titlesOf } from "../../status/words";

/** Until its place has been measured: what the frame of the page leaves of the window, about. */
const firstWidth = () => window.innerWidth - (window.innerWidth < 768 ? 60 : 290);
const NARROW = 120;

/** What stands on what, and where trouble comes from. */
export function Dependencies({ parts }: { readonly parts: readonly Part[] }) {
  const { ref, width } = useElementSize();
  const titleOf = titlesOf(parts);
  const [together, alone] = useMemo(() => connected(parts.filter(({ state }) => state !== "not_configured")), [parts]);
  const { nodes, edges, ...graph } = useMemo(() => graphOf(together, width || firstWidth()), [together, width]);
  return (
    <Section
      title="What stands on what"
      about="Each part stands on those at its left: what goes down there takes it along, and only that is told."
    >
      <div ref={ref}>
        <ScrollRegion label="What stands on what">
          <div className={classes["graph"]} style={{ width: graph.width, height: graph.height }}>
            <svg width={graph.width} height={graph.height} className={classes["lines"]} aria-hidden>
              {edges.map(({ id, path, bad }) => (
                <path key={id} d={path} className={classes[bad ? "line-bad" : "line"]} />
              ))}
            </svg>
            {nodes.map(({ part, x, y }) => (
              <GraphBox
                key={part.id}
                part={part}
                titleOf={titleOf}
                place={{ left: x, top: y, width: graph.boxWidth }}
                isNarrow={graph.boxWidth < NARROW}
              />
            ))}
          </div>
        </ScrollRegion>
      </div>
      {alone.length > 0 && (
        <Stack gap={6}>
          <Text size="xs" c="dimmed">
            By themselves
          </Text>
          <Group component="ul" gap="6px 18px" m={0} p={0} aria-label="By themselves" style={{ listStyle: "none" }}>
            {alone.map((part) => (
              <Group key={part.id} component="li" gap={4} wrap="nowrap">
                <StateIcon state={part.state} />
                <Text size="sm" component="span">
                  {part.title}
                  {part.state !== "pass" && `: ${standingWords(part, titleOf).toLowerCase()}`}
                </Text>
              </Group>
            ))}
          </Group>
        </Stack>
      )}
    </Section>
  );
}
