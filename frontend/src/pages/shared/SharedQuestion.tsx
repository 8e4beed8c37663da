import { Badge, Group } from "@mantine/core";

import { rolesOf } from "../../analysis/question";
import type { components } from "../../api/schema";
import { Facts } from "../../components/Facts";
import { Section } from "../../components/Section";
import { formatCount } from "../../format";
import { valueWords } from "../../result/details";
import { chosenSettings } from "../../share/settings";

interface Props {
  readonly shared: components["schemas"]["SharedAnalysis"];
}

/** What exactly was asked: which column plays which part, and what was chosen besides. */
export function SharedQuestion({ shared: { parameters, agent, dataset } }: Props) {
  const rows = dataset?.rows;
  const schema = agent?.parameters_schema;
  return (
    <Section title="The question" about="Which column plays which part, and what was set otherwise than usual.">
      <Facts
        facts={[
          ...(dataset
            ? [
                [
                  "Dataset",
                  `${dataset.name}, version ${dataset.version}${rows === null || rows === undefined ? "" : `, ${formatCount(rows)} rows`}`,
                ] as const,
              ]
            : []),
          ...rolesOf(parameters, schema).map(
            ({ title: name, columns }) =>
              [
                name,
                <Group gap={4} key={name}>
                  {columns.map((column) => (
                    <Badge key={column} variant="light" color="gray" tt="none">
                      {column}
                    </Badge>
                  ))}
                </Group>,
              ] as const,
          ),
          ...chosenSettings(parameters, schema).map(([name, value]) => [name, valueWords(value)] as const),
        ]}
      />
    </Section>
  );
}
