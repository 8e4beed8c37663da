import { Divider, Paper, Stack, Text, Title } from "@mantine/core";

import { answerOf } from "./answer";
import { Facts } from "./Facts";
import classes from "./result.module.css";
import type { CausalImpactResult } from "./types";

/** The answer in one plain sentence, its worth, what it rests on, and its numbers. */
export function AnswerCard({ result }: { readonly result: CausalImpactResult }) {
  const { sentence, worth, further, facts } = answerOf(result);
  return (
    <Paper component="section" withBorder p={{ base: "md", sm: "lg" }} radius="md" aria-labelledby="the-answer">
      <Stack gap="sm">
        <Title order={2} size="sm" c="dimmed" fw={600} id="the-answer">
          The answer
        </Title>
        <Text fw={600} className={classes["sentence"] ?? ""} data-testid="answer">
          {sentence}
        </Text>
        {worth !== undefined && <Text fw={500}>{worth}</Text>}
        {further.map((text) => (
          <Text key={text} size="sm" c="dimmed" maw="80ch">
            {text}
          </Text>
        ))}
        <Divider my={4} />
        <Facts facts={facts} />
      </Stack>
    </Paper>
  );
}
