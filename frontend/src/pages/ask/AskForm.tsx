import { Button, Group, Stack } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";

import { columnsOf } from "../../ask/columns";
import { valuesOf } from "../../ask/clone";
import { type DraftKey, forgetDraft, keepDraft, readDraft } from "../../ask/draft";
import { isIdle } from "../../ask/layout";
import { problemWords, problemsAt } from "../../ask/problems";
import type { Field } from "../../ask/schema/fields";
import { fieldsOf } from "../../ask/schema/fields";
import { isRecord } from "../../ask/schema/jsonSchema";
import { type FieldProblem, isGiven } from "../../ask/schema/validate";
import type { Agent } from "../../ask/useAgents";
import { type Question, useQuestion } from "../../ask/useQuestion";
import { Section } from "../../components/Section";
import type { Analysis, Dataset } from "../../data/datasets";
import { useWorkspace } from "../../app/workspace";
import classes from "./AskForm.module.css";
import { CloneNotice } from "./CloneNotice";
import { FieldView } from "./fields/FieldView";
import { GoneNotice } from "./GoneNotice";
import { FormContext, useForm } from "./QuestionContext";
import { Start } from "./Start";

interface Props {
  readonly agent: Agent;
  /** On what, where the agent needs a dataset. */
  readonly dataset: Dataset | undefined;
  /** The analysis to begin from. */
  readonly earlier: Analysis | undefined;
}

/** The form of an agent, made from its schema. */
export function AskForm({ agent, dataset, earlier }: Props) {
  const { workspace } = useWorkspace();
  const draftKey: DraftKey = { workspaceId: workspace.id, agent: agent.name, clone: earlier?.id };
  const columns = useMemo(() => (dataset?.schema ? columnsOf(dataset) : undefined), [dataset]);
  const from = () => valuesOf(fieldsOf(agent.parameters_schema), earlier?.parameters);
  const question = useQuestion(agent.parameters_schema, columns, () => readDraft(draftKey) ?? from());
  const [told, setTold] = useState<readonly FieldProblem[]>([]);
  const [sent, setSent] = useState(false);

  const { workspaceId, agent: agentName, clone } = draftKey;
  const { values, touched } = question;
  useEffect(() => {
    if (touched.size > 0) {
      keepDraft({ workspaceId, agent: agentName, clone }, values);
    }
  }, [workspaceId, agentName, clone, values, touched]);

  const form = useMemo(() => {
    const all = [...question.problems, ...told];
    const errorOf = (field: Field) => {
      // Until it was touched or sent, an empty field is no mistake.
      const isDue = sent || question.touched.has(field.pointer);
      const found = isDue && !isRecord(question.valueOf(field)) ? problemsAt(field, all) : [];
      const words = new Set(found.map((problem) => problemWords(problem, field, question.all)));
      return words.size === 0 ? undefined : [...words].join(" ");
    };
    return { question, errorOf };
  }, [question, told, sent]);

  return (
    <FormContext value={form}>
      {earlier && <CloneNotice earlier={earlier} agent={agent} dataset={dataset} />}
      <GoneNotice />
      <div className={classes["columns"]}>
        <Fields question={question} />
        <aside className={classes["side"]} aria-label="The question so far">
          <Start
            agent={agent}
            dataset={dataset}
            onTold={setTold}
            onSent={() => {
              setSent(true);
            }}
            onAccepted={() => {
              forgetDraft(draftKey);
            }}
            onReset={() => {
              forgetDraft(draftKey);
              question.replace(from());
              setSent(false);
            }}
          />
        </aside>
      </div>
    </FormContext>
  );
}

function Fields({ question }: { readonly question: Question }) {
  const [wantsAll, setWantsAll] = useState(false);
  const { errorOf } = useForm();
  const { layout, asked } = question;
  const given = (field: Field) => isGiven(question.valueOf(field));
  const idle = layout.options.filter((field) => isIdle(field, question.all, given));
  const options = layout.options.filter((field) => asked(field) && !idle.includes(field));
  const advanced = [...idle, ...layout.advanced].filter(asked);
  // What is wrong must be seen.
  const unfolded = wantsAll || advanced.some((field) => errorOf(field) !== undefined);
  return (
    <Stack gap="md" miw={0}>
      {layout.roles
        .filter(({ fields }) => fields.some(asked))
        .map(({ title, about, fields }) => (
          <Section key={title} title={title} about={about}>
            <Grid fields={fields} />
          </Section>
        ))}
      {options.length + advanced.length > 0 && (
        <Section title="Options" about="How the answer is computed. What is set already is good for most questions.">
          <Grid fields={options} />
          {advanced.length > 0 && (
            <Group>
              <Button
                size="xs"
                variant="default"
                aria-expanded={unfolded}
                onClick={() => {
                  setWantsAll(!unfolded);
                }}
              >
                {unfolded ? "Fewer options" : `${advanced.length} more options`}
              </Button>
            </Group>
          )}
          {unfolded && <Grid fields={advanced} />}
        </Section>
      )}
    </Stack>
  );
}

/** Side by side where there is room; lists of columns take all of it. */
function Grid({ fields }: { readonly fields: readonly Field[] }) {
  return fields.length === 0 ? null : (
    <div className={classes["grid"]}>
      {fields.map((field) => (
        <div key={field.pointer} className={WIDE.has(field.control.kind) ? classes["wide"] : undefined}>
          <FieldView field={field} />
        </div>
      ))}
    </div>
  );
}

const WIDE: ReadonlySet<string> = new Set(["columns", "choices", "object", "json"]);
