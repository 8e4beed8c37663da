import { Button, Group, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";

import { ApiProblem } from "../../api/problem";
import { useWorkspace } from "../../app/workspace";
import { fieldOf, toldProblems } from "../../ask/problems";
import { startProblem, startTime } from "../../ask/startTime";
import type { FieldProblem } from "../../ask/schema/validate";
import type { Agent } from "../../ask/useAgents";
import { type Request, useExpectation } from "../../ask/useExpectation";
import { useSubmit } from "../../ask/useSubmit";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { type Dataset, isReadable } from "../../data/datasets";
import { Diagram } from "./Diagram";
import { Expected } from "./Expected";
import { focusField, useForm } from "./QuestionContext";
import { StartWhen } from "./StartWhen";
import { ToDo } from "./ToDo";

interface Props {
  readonly agent: Agent;
  readonly dataset: Dataset | undefined;
  /** What the platform found wrong with the question as it is. */
  readonly onTold: (problems: readonly FieldProblem[]) => void;
  readonly onSent: () => void;
  readonly onAccepted: () => void;
  readonly onReset: () => void;
}

const NOTHING: readonly FieldProblem[] = [];

/** The question so far, what it would take, and the button. */
export function Start({ agent, dataset, onTold, onSent, onAccepted, onReset }: Props) {
  const navigate = useNavigate();
  const { workspace } = useWorkspace();
  const { question } = useForm();
  const [later, setLater] = useState<string | undefined>(undefined);
  const submit = useSubmit();
  const { parameters, problems } = question;
  const request = useMemo(
    (): Request => ({
      agent: agent.name,
      parameters,
      ...(dataset ? { dataset_id: dataset.id } : { workspace_id: workspace.id }),
    }),
    [agent.name, dataset, parameters, workspace.id],
  );
  const usable = dataset === undefined || isReadable(dataset);
  const expectation = useExpectation(problems.length === 0 && usable ? request : undefined);
  const ofSubmit = submit.variables?.parameters === parameters ? submit.error : null;
  const refusal = ofSubmit ?? expectation.error;
  const told = useMemo(() => (refusal ? toldProblems(refusal) : NOTHING), [refusal]);
  useEffect(() => {
    onTold(told);
  }, [told, onTold]);
  const todo = [...problems, ...told];
  const when = startProblem(later, new Date());

  const start = () => {
    onSent();
    const [first] = todo;
    if (first || when !== undefined) {
      const field = first && fieldOf(first, question.all);
      // In a moment: a folded field is unfolded for its problem first.
      setTimeout(() => {
        if (field) {
          focusField(field);
        }
      });
      return;
    }
    const runAt = startTime(later);
    submit.mutate(
      { ...request, ...(runAt === undefined ? {} : { run_at: runAt }) },
      {
        onSuccess: ({ id }) => {
          onAccepted();
          void navigate({ to: "/analyses/$id", params: { id } });
        },
      },
    );
  };

  return (
    <Section title="The question so far">
      <Stack gap="md">
        <Diagram />
        <ToDo problems={todo} />
        {todo.length === 0 && expectation.data && <Expected expectation={expectation.data} fields={question.all} />}
        {!usable && (
          <Text size="sm">This version of the dataset is not ready. Wait until it is, or choose another version.</Text>
        )}
        <StartWhen value={later} problem={when} onChange={setLater} />
        {refusal && told.length === 0 && !isAdvice(refusal) && <Problem error={refusal} title="It was not started" />}
        <Group gap="xs">
          <Button onClick={start} loading={submit.isPending} disabled={!usable}>
            {later === undefined ? "Start the analysis" : "Start it then"}
          </Button>
          <Button variant="default" onClick={onReset}>
            Start over
          </Button>
        </Group>
        {submit.isPending && submit.failureCount > 0 && (
          <Text size="sm" role="status">
            The platform does not answer. It is being tried again; the analysis starts once, however often that is.
          </Text>
        )}
      </Stack>
    </Section>
  );
}

/** Too large: the expectation says it already, with advice. */
function isAdvice(error: unknown): boolean {
  return error instanceof ApiProblem && error.kind === "analysis-too-large";
}
