import { Code, Paper, ScrollArea, Stack, Text, Title } from "@mantine/core";

import { parameterFacts } from "./details";
import { Facts } from "./Facts";

/** A result of an agent that this page has no plots for: what it says, field by field, and all of it. */
export function OtherResult({ result }: { readonly result: unknown }) {
  const fields = typeof result === "object" && result !== null && !Array.isArray(result) ? Object.entries(result) : [];
  const sentences = fields
    .filter(([name]) => name === "summary" || name === "finding")
    .flatMap(([, value]) => value as unknown);
  const simple = fields.filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return (
    <Paper component="section" withBorder p="lg" radius="md" aria-labelledby="the-answer">
      <Stack gap="md">
        <Title order={2} size="h4" id="the-answer">
          The result
        </Title>
        {sentences
          .filter((sentence) => typeof sentence === "string")
          .map((sentence) => (
            <Text key={sentence}>{sentence}</Text>
          ))}
        <Facts facts={parameterFacts(Object.fromEntries(simple))} dense />
        <ScrollArea.Autosize
          mah={420}
          viewportProps={{ tabIndex: 0, role: "region", "aria-label": "The whole result" }}
        >
          <Code block>{JSON.stringify(result, null, 2)}</Code>
        </ScrollArea.Autosize>
      </Stack>
    </Paper>
  );
}
