import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { keys } from "../../../api/keys";
import type { components } from "../../../api/schema";
import { useApi } from "../../../app/platform";
import { LinkAnchor } from "../../../components/links";
import { Loading } from "../../../components/Loading";
import { notifyDone } from "../../../components/notify";
import { Problem } from "../../../components/Problem";
import { StateBadge } from "../../../components/StateBadge";
import { Time } from "../../../components/Time";
import { type Analysis, type Dataset, useAnalysesOf, useDependents } from "../../../data/datasets";
import { formatCount } from "../../../format";

const MOST_NAMED = 10;

type Dependents = components["schemas"]["DatasetDependents"];

interface Props {
  readonly dataset: Dataset;
  readonly onClose: () => void;
}

/** Asks before a version is deleted, with everything that depends on it by name. */
export function DeleteDialog({ dataset, onClose }: Props) {
  const { id, name, version } = dataset;
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const dependents = useDependents(id);
  const analyses = useAnalysesOf(id, MOST_NAMED);
  const shown = dependents.data;
  const isUsed = shown !== undefined && isInUse(shown);

  const deleting = useMutation({
    mutationFn: async (agreed: Dependents) => {
      // What was shown is what is agreed to: what came since is shown first.
      const { data: now } = await dependents.refetch({ throwOnError: true });
      if (now && brief(now) !== brief(agreed)) {
        await analyses.refetch();
        throw new Error("What depends on it has changed meanwhile. Look at it again, then delete.");
      }
      await api.DELETE("/api/v1/datasets/{id}", { params: { path: { id }, query: { cascade: isInUse(agreed) } } });
    },
    onSuccess: async () => {
      notifyDone(`Version ${version} of “${name}” is deleted.`);
      await navigate({ to: "/data" });
      client.removeQueries({ queryKey: keys.dataset(id) });
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.datasets }),
        client.invalidateQueries({ queryKey: keys.analyses }),
      ]);
    },
    onError: () => dependents.refetch(),
  });

  const failed = dependents.error ?? analyses.error;
  return (
    <Modal opened onClose={onClose} title={`Delete version ${version} of “${name}”?`} size="lg">
      <Stack gap="md">
        {failed ? (
          <Problem error={failed} title="What depends on it could not be found" />
        ) : shown && analyses.data ? (
          <>
            {!isUsed && shown.derived_versions.length === 0 && <Text size="sm">Nothing depends on it.</Text>}
            <Used analyses={analyses.data.analyses} count={shown.analyses} links={shown.shares} />
            <Derived derived={shown.derived_versions} />
            <Text size="sm">
              The rows of this version are gone for good. Other versions of “{name}” stay. This cannot be undone.
            </Text>
          </>
        ) : (
          <Loading what="Looking for what depends on it" lines={3} />
        )}
        {deleting.isError && <Problem error={deleting.error} title="It was not deleted" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            disabled={!shown || !analyses.data}
            loading={deleting.isPending}
            onClick={() => {
              if (shown) {
                deleting.mutate(shown);
              }
            }}
          >
            {isUsed ? "Delete it with what depends on it" : "Delete"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Whether it can only go together with something else. */
function isInUse({ analyses, derived_versions }: Dependents): boolean {
  return analyses > 0 || derived_versions.some(({ state }) => state === "uploading");
}

/** Two that are alike here have the same depend on the version. */
function brief({ analyses, shares, derived_versions }: Dependents): string {
  return JSON.stringify([analyses, shares, derived_versions.map(({ id, state }) => [id, state === "uploading"])]);
}

interface UsedProps {
  /** The newest of them. */
  readonly analyses: readonly Analysis[];
  readonly count: number;
  /** How many links to them work. */
  readonly links: number;
}

function Used({ analyses, count, links }: UsedProps) {
  if (count === 0) {
    return null;
  }
  const rest = count - analyses.length;
  return (
    <div>
      <Text size="sm" fw={600}>
        {formatCount(count)} {count === 1 ? "analysis uses it and goes" : "analyses use it and go"} with it, results
        {links > 0 ? ` and ${formatCount(links)} shared ${links === 1 ? "link" : "links"}` : ""} included:
      </Text>
      <List size="sm" mt={4}>
        {analyses.map(({ id, agent, state, created_at }) => (
          <List.Item key={id}>
            <LinkAnchor to="/analyses/$id" params={{ id }} underline="always">
              {agent.replaceAll("_", " ")}
            </LinkAnchor>{" "}
            from <Time at={created_at} /> <StateBadge state={state} />
          </List.Item>
        ))}
        {rest > 0 && <List.Item>and {formatCount(rest)} more</List.Item>}
      </List>
    </div>
  );
}

function Derived({ derived }: { readonly derived: Dependents["derived_versions"] }) {
  return derived.length === 0 ? null : (
    <div>
      <Text size="sm" fw={600}>
        Made from it:
      </Text>
      <List size="sm" mt={4}>
        {derived.map(({ id, version, state }) => (
          <List.Item key={id}>
            <LinkAnchor to="/data/$id" params={{ id }} underline="always">
              version {version}
            </LinkAnchor>{" "}
            {state === "uploading" ? "is being made from it now and fails" : "stays, with the recipe it was made by"}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
