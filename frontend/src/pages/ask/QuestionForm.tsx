import { Accordion, Alert, Button, Card, Grid, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";

import type { Agent } from "../../analyses/agents";
import { type Column, suggestion } from "../../ask/columns";
import { type Field, fieldsOf } from "../../ask/schema";
import { type Value, type Values, initialValues, problemsOf, toParameters, withoutUnknown } from "../../ask/values";
import { Problem } from "../../components/Problem";
import { useUnsavedGuard } from "../../components/useUnsavedGuard";
import type { Dataset } from "../../data/datasets";
import { Expectation } from "./Expectation";
import { FieldInput } from "./FieldInput";
import { RoleDiagram } from "./RoleDiagram";
import { StartLater } from "./StartLater";
import { useSubmit } from "./useSubmit";

interface Props {
  readonly agent: Agent;
  readonly dataset: Dataset;
  readonly columns: readonly Column[];
  readonly given?: Readonly<Record<string, unknown>>;
}

/** The form of an agent over a table, made of the agent's schema alone. */
export function QuestionForm({ agent, dataset, columns, given }: Props) {
  const [fields] = useState(() => fieldsOf(agent));
  const [begin] = useState(() => beginning(fields, columns, dataset.rows ?? undefined, given));
  const [values, setValues] = useState(begin.values);
  const [runAt, setRunAt] = useState("");
  const [tried, setTried] = useState(false);
  const submit = useSubmit();
  const parameters = toParameters(fields, values);
  const own = problemsOf(fields, values);
  const problems = { ...(tried ? own : {}), ...submit.complaints };
  useUnsavedGuard(values !== begin.values && !submit.isPending && !submit.isSuccess, "this question");

  const change = (name: string, value: Value) => {
    setValues((now) => ({ ...now, [name]: value }));
    submit.forget();
  };
  const input = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      value={values[field.name]}
      problem={problems[field.name]}
      context={{ fields, values, columns, rows: dataset.rows ?? undefined }}
      onChange={(value) => {
        change(field.name, value);
      }}
    />
  );
  const roles = fields.filter(({ role }) => role !== undefined);
  const choices = fields.filter(({ role, kind }) => role === undefined && kind === "choice");
  const others = fields.filter(({ role, kind }) => role === undefined && kind !== "choice");
  const request = { agent: agent.name, dataset_id: dataset.id, workspace_id: dataset.workspace_id, parameters };

  return (
    <form
      aria-label="Question"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(own).length === 0) {
          submit.mutate({ ...request, ...(runAt === "" ? {} : { run_at: new Date(runAt).toISOString() }) });
        }
      }}
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            {begin.unknown.length > 0 && (
              <Alert color="orange" title="Some columns are not in this table">
                {begin.unknown.join(", ")}: chosen in the analysis you began from, and left out here.
              </Alert>
            )}
            <Card withBorder component="section" aria-label="Which column is what">
              <Stack gap="md">
                <Title order={2} size="h4">
                  Which column is what
                </Title>
                {roles.map(input)}
              </Stack>
            </Card>
            {choices.length > 0 && (
              <Card withBorder component="section" aria-label="How to answer">
                <Stack gap="md">
                  <Title order={2} size="h4">
                    How to answer
                  </Title>
                  <SimpleGrid cols={{ base: 1, sm: 2 }}>{choices.map(input)}</SimpleGrid>
                </Stack>
              </Card>
            )}
            {others.length > 0 && (
              <Accordion variant="contained" order={2}>
                <Accordion.Item value="more">
                  <Accordion.Control>
                    <Text fw={650}>More settings</Text>
                    <Text size="sm" c="dimmed">
                      Each has a sensible default.
                    </Text>
                  </Accordion.Control>
                  <Accordion.Panel>
                    <SimpleGrid cols={{ base: 1, sm: 2 }}>{others.map(input)}</SimpleGrid>
                  </Accordion.Panel>
                </Accordion.Item>
              </Accordion>
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md" pos="sticky" top={72}>
            <RoleDiagram fields={fields} values={values} />
            <Expectation request={request} enabled={Object.keys(own).length === 0} />
            <StartLater value={runAt} onChange={setRunAt} />
            {submit.isError && <Problem error={submit.error} title="The question was not taken" />}
            {tried && Object.keys(own).length > 0 && (
              <Alert color="red" role="alert">
                {fields
                  .filter(({ name }) => name in own)
                  .map(({ name, title }) => `${title}: ${own[name] ?? ""}`)
                  .join(". ")}
              </Alert>
            )}
            <Group>
              <Button type="submit" loading={submit.isPending}>
                Ask
              </Button>
            </Group>
          </Stack>
        </Grid.Col>
      </Grid>
    </form>
  );
}

/** What the form begins with: the given parameters, or defaults and what the table suggests. */
function beginning(
  fields: readonly Field[],
  columns: readonly Column[],
  rows: number | undefined,
  given: Readonly<Record<string, unknown>> | undefined,
): { values: Values; unknown: string[] } {
  const values: Values = initialValues(fields, given);
  if (given) {
    return withoutUnknown(fields, values, new Set(columns.map(({ name }) => name)));
  }
  const suggested: Record<string, Value> = {};
  for (const field of fields) {
    const column = field.kind === "column" ? suggestion(field, columns, rows) : undefined;
    if (column !== undefined) {
      suggested[field.name] = column;
    }
  }
  return { values: { ...values, ...suggested }, unknown: [] };
}
