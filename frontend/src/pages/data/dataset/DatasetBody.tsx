import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconHistory } from "@tabler/icons-react";
import { useState } from "react";

import { LinkAnchor } from "../../../components/links";
import { Loading } from "../../../components/Loading";
import { type Dataset, isReadable, useVersions } from "../../../data/datasets";
import { ColumnDetail } from "./ColumnDetail";
import { ColumnsSection } from "./ColumnsSection";
import { Details } from "./Details";
import { FailedVersion } from "./FailedVersion";
import { Preview } from "./Preview";
import { Versions } from "./Versions";
import { Warnings } from "./Warnings";

/** Everything below the headline: warnings first, then columns, rows, versions. */
export function DatasetBody({ dataset }: { readonly dataset: Dataset }) {
  const [opened, setOpened] = useState<string>();
  const { profile, schema, state } = dataset;
  const readable = isReadable(dataset);
  return (
    <Stack gap="lg">
      {state === "failed" && <FailedVersion dataset={dataset} />}
      <NewerVersion dataset={dataset} />
      {state === "uploading" && <Loading what="This version is being made; its columns follow" lines={4} />}
      {profile && <Warnings profile={profile} onColumn={setOpened} />}
      {schema && (
        <ColumnsSection
          schema={schema}
          profile={profile ?? undefined}
          isProfiling={state === "profiling"}
          onColumn={setOpened}
        />
      )}
      {readable && <Preview dataset={dataset} />}
      <Versions dataset={dataset} />
      <Details dataset={dataset} />
      {profile && (
        <ColumnDetail
          profile={profile}
          name={opened}
          onClose={() => {
            setOpened(undefined);
          }}
        />
      )}
    </Stack>
  );
}

/** Says that this is not the newest one, so that nobody asks old data by mistake. */
function NewerVersion({ dataset }: { readonly dataset: Dataset }) {
  const versions = useVersions(dataset.id);
  const newest = versions.data?.datasets.find((other) => isReadable(other));
  if (!newest || newest.version <= dataset.version) {
    return null;
  }
  return (
    <Alert
      color="blue"
      icon={newest.state === "failed" ? <IconAlertTriangle aria-hidden /> : <IconHistory aria-hidden />}
      role="status"
    >
      <Text size="sm">
        There is a newer version:{" "}
        <LinkAnchor to="/data/$id" params={{ id: newest.id }} underline="always">
          version {newest.version}
        </LinkAnchor>
        . This one stays as it is.
      </Text>
    </Alert>
  );
}
