import { Group, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";

import { FigureCard } from "./FigureCard";
import type { Section } from "./figure";
import { Folded } from "./Folded";
import classes from "./result.module.css";
import { sentenceCase } from "./words";

interface Props {
  readonly section: Section;
  readonly fileStem: string;
}

/** Plots that belong together, with what was found and the tables behind them. */
export function SectionView({ section, fileStem }: Props) {
  const { id, title, findings, tables, choices = [] } = section;
  const [chosen, setChosen] = useState<string>();
  const choice = choices.find(({ name }) => name === chosen) ?? choices[0];
  const figures = choice?.figures ?? section.figures;
  return (
    <Paper component="section" withBorder p={{ base: "sm", sm: "lg" }} radius="md" aria-labelledby={`section-${id}`}>
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <Title order={3} size="h4" id={`section-${id}`}>
            {title}
          </Title>
          {choices.length > 1 && (
            <Select
              aria-label="Estimator"
              size="xs"
              w={230}
              allowDeselect={false}
              data={choices.map(({ name }) => name)}
              value={choice?.name ?? null}
              onChange={(name) => {
                setChosen(name ?? undefined);
              }}
            />
          )}
        </Group>
        {findings.map((finding) => (
          <Text key={finding} size="sm" maw="90ch">
            {sentenceCase(finding)}
          </Text>
        ))}
        <div className={classes["figures"]}>
          {figures.map((figure) => (
            <FigureCard key={figure.id} figure={figure} fileStem={fileStem} />
          ))}
        </div>
        {tables.length > 0 && <Folded tables={tables} fileStem={fileStem} />}
      </Stack>
    </Paper>
  );
}
