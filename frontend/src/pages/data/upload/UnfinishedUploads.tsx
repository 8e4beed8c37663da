import { Alert, Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { keys } from "../../../api/keys";
import { useApi } from "../../../app/platform";
import { Problem } from "../../../components/Problem";
import { Time } from "../../../components/Time";
import { differenceFrom } from "../../../data/uploads/memory";
import { type Unfinished, discard } from "../../../data/uploads/useUploads";
import { formatBytes } from "../../../format";

interface Props {
  readonly unfinished: readonly Unfinished[];
  readonly onContinue: (file: File, known: Unfinished) => void;
}

/** Uploads that a reload or a lost network left; with the same file at hand they go on where they were. */
export function UnfinishedUploads({ unfinished, onContinue }: Props) {
  return unfinished.map((known) => <UnfinishedUpload key={known.id} known={known} onContinue={onContinue} />);
}

interface OneProps {
  readonly known: Unfinished;
  readonly onContinue: Props["onContinue"];
}

function UnfinishedUpload({ known, onContinue }: OneProps) {
  const api = useApi();
  const client = useQueryClient();
  const [difference, setDifference] = useState<string>();
  const discarding = useMutation({
    mutationFn: () => discard(api, known),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.uploads }),
  });
  const { offset_bytes, length_bytes, expires_at } = known.upload;
  return (
    <Alert
      color="blue"
      icon={<IconPlayerPlay aria-hidden />}
      title={`The upload of “${known.fileName}” is not finished`}
      role="status"
    >
      <Stack gap="xs">
        <Text size="sm">
          {formatBytes(offset_bytes)} of {formatBytes(length_bytes)} have arrived as “{known.name}”. A browser forgets
          which file it was: choose the same file again, and only the rest is sent. It is kept until{" "}
          <Time at={expires_at} />.
        </Text>
        {difference !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {difference}
          </Text>
        )}
        {discarding.isError && <Problem error={discarding.error} title="It was not discarded" />}
        <Group gap="xs">
          <FileButton
            onChange={(file) => {
              if (file === null) {
                return;
              }
              const different = differenceFrom(file, known);
              setDifference(different);
              if (different === undefined) {
                onContinue(file, known);
              }
            }}
          >
            {(props) => (
              <Button size="xs" {...props}>
                Choose the same file
              </Button>
            )}
          </FileButton>
          <Button
            size="xs"
            variant="default"
            loading={discarding.isPending}
            onClick={() => {
              discarding.mutate();
            }}
          >
            Discard
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
