import { Button, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { IncidentItem } from "./IncidentItem";
import { keys } from "../../api/keys";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { isListStale, mergedIncidents } from "../../status/merge";
import { useIncidents } from "../../status/queries";
import type { Incident, Part } from "../../status/types";
import { titlesOf } from "../../status/words";

interface Props {
  /** As they stand now. */
  readonly open: readonly Incident[];
  readonly parts: readonly Part[];
}

/** What was and is wrong, newest first. */
export function Incidents({ open, parts }: Props) {
  const client = useQueryClient();
  const pages = useIncidents();
  const listed = pages.data?.pages.flatMap(({ items }) => items);
  const isStale = listed !== undefined && isListStale(open, listed);
  const { dataUpdatedAt } = pages;
  useEffect(() => {
    if (isStale) {
      void client.invalidateQueries({ queryKey: keys.statusIncidents });
    }
    // Once for each answer: an incident between two lists shall not be asked for without end.
  }, [isStale, client, dataUpdatedAt]);
  const incidents = mergedIncidents(open, listed ?? []);
  const titleOf = titlesOf(parts);
  return (
    <Section title="Incidents" about="What was wrong, why, how soon it was noticed and how long it took; newest first.">
      {incidents.length > 0 && (
        <Stack component="ol" gap="md" m={0} p={0} style={{ listStyle: "none" }}>
          {incidents.map((incident) => (
            <IncidentItem key={incident.id} incident={incident} titleOf={titleOf} />
          ))}
        </Stack>
      )}
      {pages.isError && !pages.data && (
        <Problem error={pages.error} title="The incidents are not known now" onRetry={() => void pages.refetch()} />
      )}
      {pages.isPending && <Loading what="Loading the incidents" />}
      {pages.data && incidents.length === 0 && (
        <Text size="sm" c="dimmed">
          None since the health service first looked.
        </Text>
      )}
      {pages.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </Section>
  );
}
