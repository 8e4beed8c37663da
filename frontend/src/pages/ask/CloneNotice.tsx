import { Alert, List, Text } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";

import { forgottenIn, dataDifferences, valuesOf } from "../../ask/clone";
import { columnsOf } from "../../ask/columns";
import type { Field } from "../../ask/schema/fields";
import { same } from "../../ask/schema/jsonSchema";
import { valueAt } from "../../ask/schema/values";
import type { Agent } from "../../ask/useAgents";
import { LinkAnchor } from "../../components/links";
import { Time } from "../../components/Time";
import { type Analysis, type Dataset, useDataset } from "../../data/datasets";
import { useForm } from "./QuestionContext";

interface Props {
  readonly earlier: Analysis;
  readonly agent: Agent;
  readonly dataset: Dataset | undefined;
}

/** What the form began from, and what is different now. */
export function CloneNotice({ earlier, agent, dataset }: Props) {
  const { question } = useForm();
  const before = useDataset(earlier.dataset_id ?? "", typeof earlier.dataset_id === "string");
  const was = valuesOf(question.fields, earlier.parameters);
  const changed = question.all.filter(
    (field) => field.control.kind !== "object" && !same(valueAt(question.values, field.path), valueAt(was, field.path)),
  );
  const forgotten = forgottenIn(question.fields, earlier.parameters);
  const differences = [
    ...(before.data && dataset
      ? dataDifferences(
          { dataset: before.data, columns: columnsOf(before.data) },
          { dataset, columns: columnsOf(dataset) },
        )
      : []),
    ...(before.isError ? ["The data of the earlier analysis are gone."] : []),
    ...(earlier.agent === agent.name && earlier.agent_version !== agent.version
      ? [
          `The agent is newer: version ${agent.version} instead of ${earlier.agent_version}. The same question may have another answer.`,
        ]
      : []),
    ...(forgotten.length > 0 ? [`No longer asked for, and left out: ${forgotten.join(", ")}.`] : []),
    ...changed.map((field) => `${field.title}: ${told(field, was)} before, ${told(field, question.values)} now.`),
  ];
  return (
    <Alert icon={<IconCopy aria-hidden />} color="blue" title="You ask an earlier question again" role="status">
      <Text size="sm">
        Filled in from the{" "}
        <LinkAnchor inherit underline="always" to="/analyses/$id" params={{ id: earlier.id }}>
          analysis
        </LinkAnchor>{" "}
        of <Time at={earlier.created_at} />.{" "}
        {differences.length === 0 ? "Nothing is different yet." : "What is different:"}
      </Text>
      {differences.length > 0 && (
        <List size="sm" mt={4}>
          {differences.map((difference) => (
            <List.Item key={difference}>{difference}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

function told(field: Field, values: Parameters<typeof valueAt>[0]): string {
  const value = valueAt(values, field.path) ?? field.default;
  if (Array.isArray(value)) {
    return value.length === 0 ? "none" : value.join(", ");
  }
  if (field.control.kind === "choice") {
    return field.control.choices.find((choice) => same(choice.value, value))?.label ?? "none";
  }
  return value === undefined || value === null ? "none" : typeof value === "string" ? value : JSON.stringify(value);
}
