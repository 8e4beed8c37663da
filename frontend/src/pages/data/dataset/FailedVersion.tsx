import { Alert, Group, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import { mayWrite, useWorkspace } from "../../../app/workspace";
import { Backticks } from "../../../components/Backticks";
import { LinkButton } from "../../../components/links";
import type { Dataset } from "../../../data/datasets";
import { problemsInFailure } from "../../../data/recipe/problems";

/** Why a version has no table, or no profile. */
export function FailedVersion({ dataset: { id, failure, recipe, derived_from, rows } }: { readonly dataset: Dataset }) {
  const { workspace } = useWorkspace();
  const problems = recipe && failure ? problemsInFailure(failure.detail) : [];
  const hasTable = typeof rows === "number";
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={hasTable ? "Its columns could not be looked at" : "This version could not be made"}
      role="alert"
    >
      <Stack gap="xs">
        {problems.length > 0 ? (
          <List size="sm">
            {problems.map(({ step, detail }) => (
              <List.Item key={`${step ?? ""} ${detail}`}>
                {step === undefined ? "" : `Step ${step + 1}: `}
                <Backticks text={detail} />
              </List.Item>
            ))}
          </List>
        ) : (
          <Text size="sm">{failure?.detail ?? "No reason is known."}</Text>
        )}
        {recipe && derived_from && !hasTable && mayWrite(workspace) && (
          <Group>
            <LinkButton to="/data/$id/derive" params={{ id: derived_from.id }} search={{ like: id }} size="xs">
              Change the recipe
            </LinkButton>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
