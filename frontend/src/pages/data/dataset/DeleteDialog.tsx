import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { keys } from "../../../api/keys";
import { useApi } from "../../../app/platform";
import { LinkAnchor } from "../../../components/links";
import { Loading } from "../../../components/Loading";
import { notifyDone } from "../../../components/notify";
import { Problem } from "../../../components/Problem";
import { StateBadge } from "../../../components/StateBadge";
import { Time } from "../../../components/Time";
import { type Analysis, type Dataset, type DatasetSummary, useAnalysesOf, useVersions } from "../../../data/datasets";

const MOST_NAMED = 10;
const MOST_ASKED = 100;

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
  const analyses = useAnalysesOf(id, MOST_ASKED);
  const versions = useVersions(id);
  const derived = (versions.data?.datasets ?? []).filter(({ derived_from }) => derived_from?.id === id);
  const inTheMaking = derived.filter(({ state }) => state === "uploading");
  const used = analyses.data?.analyses ?? [];
  const isUsed = used.length > 0 || inTheMaking.length > 0;

  const deleting = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/datasets/{id}", {
        // What was named is what is agreed to: anything that came since is refused, and named then.
        params: { path: { id }, query: { cascade: isUsed } },
      }),
    onSuccess: async () => {
      notifyDone(`Version ${version} of “${name}” is deleted.`);
      await navigate({ to: "/data" });
      client.removeQueries({ queryKey: keys.dataset(id) });
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.datasets }),
        client.invalidateQueries({ queryKey: keys.analyses }),
      ]);
    },
    onError: () => Promise.all([analyses.refetch(), versions.refetch()]),
  });

  const failed = analyses.error ?? versions.error;
  const isKnown = analyses.data !== undefined && versions.data !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Delete version ${version} of “${name}”?`}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack gap="md">
        {failed ? (
          <Problem error={failed} title="What depends on it could not be found" />
        ) : isKnown ? (
          <>
            {used.length === 0 && derived.length === 0 && <Text size="sm">Nothing depends on it.</Text>}
            <Used analyses={used} hasMore={typeof analyses.data.next_cursor === "string"} />
            <Derived derived={derived} />
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
            disabled={!isKnown}
            loading={deleting.isPending}
            onClick={() => {
              deleting.mutate();
            }}
          >
            {isUsed ? "Delete it with what depends on it" : "Delete"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface UsedProps {
  readonly analyses: readonly Analysis[];
  readonly hasMore: boolean;
}

function Used({ analyses, hasMore }: UsedProps) {
  if (analyses.length === 0) {
    return null;
  }
  const rest = analyses.length - MOST_NAMED;
  return (
    <div>
      <Text size="sm" fw={600}>
        {hasMore ? `More than ${analyses.length}` : analyses.length}{" "}
        {analyses.length === 1 ? "analysis uses it and goes" : "analyses use it and go"} with it, results included:
      </Text>
      <List size="sm" mt={4}>
        {analyses.slice(0, MOST_NAMED).map(({ id, agent, state, created_at }) => (
          <List.Item key={id}>
            <LinkAnchor to="/analyses/$id" params={{ id }} underline="always">
              {agent.replaceAll("_", " ")}
            </LinkAnchor>{" "}
            from <Time at={created_at} /> <StateBadge state={state} />
          </List.Item>
        ))}
        {rest > 0 && <List.Item>and {hasMore ? "many" : rest} more</List.Item>}
      </List>
    </div>
  );
}

function Derived({ derived }: { readonly derived: readonly DatasetSummary[] }) {
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
