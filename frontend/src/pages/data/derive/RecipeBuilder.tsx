import { Alert, Button, Group, List, Menu, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconColumns,
  IconColumnsOff,
  IconFilter,
  IconMathFunction,
  IconPlus,
  IconTableShortcut,
} from "@tabler/icons-react";
import { type ReactNode, useReducer, useRef } from "react";

import type { components } from "../../../api/schema";
import { Backticks } from "../../../components/Backticks";
import { LinkButton } from "../../../components/links";
import { Problem } from "../../../components/Problem";
import { useUnsavedGuard } from "../../../components/useUnsavedGuard";
import { Section } from "../../../components/Section";
import type { Dataset } from "../../../data/datasets";
import { begun, built, columnsOf, recipeOf, stagesOf } from "../../../data/recipe/builder";
import { type StepKind, emptyDraft } from "../../../data/recipe/draft";
import { type RecipeProblem, problemsInFailure, problemsOf } from "../../../data/recipe/problems";
import classes from "./RecipeBuilder.module.css";
import { RecipePreview } from "./RecipePreview";
import { StepCard } from "./StepCard";
import { useDerive } from "./useDerive";

const KINDS: readonly (readonly [StepKind, string, string, ReactNode])[] = [
  ["filter", "Filter rows", "Keep the rows that meet a condition", <IconFilter key="icon" size={18} aria-hidden />],
  [
    "derive",
    "New column",
    "A logarithm, difference, ratio, or gain since a baseline",
    <IconMathFunction key="icon" size={18} aria-hidden />,
  ],
  ["keep", "Keep columns", "Only these stay", <IconColumns key="icon" size={18} aria-hidden />],
  ["drop", "Leave out columns", "All others stay", <IconColumnsOff key="icon" size={18} aria-hidden />],
  [
    "reshape",
    "One row for each unit",
    "From one row for each unit and period: before and after",
    <IconTableShortcut key="icon" size={18} aria-hidden />,
  ],
];

interface Props {
  readonly source: Dataset;
  readonly schema: components["schemas"]["TableSchema"];
  /** A version whose recipe to begin with. */
  readonly model: Dataset | undefined;
}

/** The steps of a recipe, what they make, and the button that makes it. */
export function RecipeBuilder({ source, schema, model }: Props) {
  const [state, dispatch] = useReducer(built, model, (known) =>
    begun(known?.recipe ?? undefined, known?.failure ? problemsInFailure(known.failure.detail) : []),
  );
  const list = useRef<HTMLOListElement>(null);
  const stages = stagesOf(state.steps, schema.columns);
  const deriving = useDerive(source.id);
  useUnsavedGuard(state.steps.length > 0 && !deriving.isPending && !deriving.isSuccess, "the recipe");
  const hasUnplaced = deriving.isError && problemsOf(deriving.error).length === 0;

  const tell = (problems: readonly RecipeProblem[]) => {
    dispatch({ do: "tell", problems });
    const first = problems.find(({ step }) => step !== undefined)?.step ?? 0;
    list.current?.children.item(first)?.scrollIntoView({ block: "nearest" });
  };
  const make = () => {
    const recipe = recipeOf(stages);
    if ("steps" in recipe) {
      deriving.mutate(recipe, {
        onError: (error) => {
          tell(problemsOf(error));
        },
      });
    } else {
      tell(recipe);
    }
  };

  return (
    <Stack gap="lg">
      {state.steps.length > 0 && (
        <ol className={classes["steps"]} ref={list} aria-label="Steps">
          {state.steps.map(({ key, draft }, index) => (
            <StepCard
              key={key}
              number={index + 1}
              draft={draft}
              stage={stages[index] ?? { columns: schema.columns, step: undefined, missing: [] }}
              problems={state.problems.get(key) ?? []}
              source={source}
              isFirst={index === 0}
              isLast={index === state.steps.length - 1}
              onChange={(changed) => {
                dispatch({ do: "change", key, draft: changed });
              }}
              onMove={(by) => {
                dispatch({ do: "move", key, by });
              }}
              onRemove={() => {
                dispatch({ do: "remove", key });
              }}
            />
          ))}
        </ol>
      )}
      <AddStep
        isFirst={state.steps.length === 0}
        onAdd={(kind) => {
          dispatch({ do: "add", draft: emptyDraft(kind) });
        }}
      />
      {state.general.length > 0 && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} role="alert" title="The recipe cannot be used yet">
          <List size="sm">
            {state.general.map((detail) => (
              <List.Item key={detail}>
                <Backticks text={detail} />
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {hasUnplaced && <Problem error={deriving.error} title="The version was not made" />}
      {state.steps.length > 0 && (
        <Section title="What will be made">
          <RecipePreview source={source} stages={stages} columns={columnsOf(stages, schema.columns)} />
          <Group gap="xs">
            <Button onClick={make} loading={deriving.isPending}>
              Make the new version
            </Button>
            <LinkButton to="/data/$id" params={{ id: source.id }} variant="default">
              Cancel
            </LinkButton>
          </Group>
        </Section>
      )}
    </Stack>
  );
}

interface AddProps {
  readonly isFirst: boolean;
  readonly onAdd: (kind: StepKind) => void;
}

function AddStep({ isFirst, onAdd }: AddProps) {
  return (
    <Group gap="sm">
      <Menu position="bottom-start" width={340}>
        <Menu.Target>
          <Button variant={isFirst ? "filled" : "default"} leftSection={<IconPlus size={16} aria-hidden />}>
            {isFirst ? "Add the first step" : "Add a step"}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {KINDS.map(([kind, name, about, icon]) => (
            <Menu.Item
              key={kind}
              leftSection={icon}
              onClick={() => {
                onAdd(kind);
              }}
            >
              {name}
              <Text size="xs" c="dimmed">
                {about}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {isFirst && (
        <Text size="sm" c="dimmed">
          Each step works on what the one before it made.
        </Text>
      )}
    </Group>
  );
}
