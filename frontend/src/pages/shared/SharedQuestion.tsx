import { Badge, Group } from "@mantine/core";

import type { components } from "../../api/schema";
import { Facts } from "../../components/Facts";
import { Section } from "../../components/Section";
import { formatCount } from "../../format";
import { valueWords } from "../../result/details";
import type { Question } from "../../share/question";

interface Props {
  readonly question: Question;
  readonly dataset: components["schemas"]["SharedDataset"] | null | undefined;
}

/** What exactly was asked: which column plays which part, and what was chosen besides. */
export function SharedQuestion({ question, dataset }: Props) {
  const rows = dataset?.rows;
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
          ...question.roles.map(
            ({ name, columns }) =>
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
          ...Object.entries(question.settings).map(([name, value]) => [name, valueWords(value)] as const),
        ]}
      />
    </Section>
  );
}
