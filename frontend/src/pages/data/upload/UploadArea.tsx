import { Box, Button, Group, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { IconUpload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { keys } from "../../../api/keys";
import { isSameFile } from "../../../data/uploads/memory";
import { nameOfFile } from "../../../data/uploads/names";
import { useUnfinished, useUploads } from "../../../data/uploads/useUploads";
import { formatBytes } from "../../../format";
import { type Chosen, ChosenFiles } from "./ChosenFiles";
import { UnfinishedUploads } from "./UnfinishedUploads";
import { UploadRow } from "./UploadRow";
import { useUploadLimit } from "./useUploadLimit";

interface Props {
  /** The dataset that files become versions of; without it each file has a name of its own. */
  readonly versionOf?: string;
  readonly workspaceId: string;
  /** Called when somebody opens what an upload became. */
  readonly onOpen?: () => void;
}

/** Where files are dropped or chosen, named, and watched on their way. */
export function UploadArea({ versionOf, workspaceId: workspace, onOpen }: Props) {
  const { queue, uploads } = useUploads();
  const unfinished = useUnfinished(workspace);
  const limit = useUploadLimit();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const shown = uploads.filter(
    ({ workspaceId, name }) => workspaceId === workspace && (versionOf === undefined || name === versionOf),
  );

  const choose = (files: readonly File[]) => {
    const added = files.map((file) => {
      const known = unfinished.data?.find((each) => isSameFile(file, each));
      return { file, name: versionOf ?? known?.name ?? nameOfFile(file.name) };
    });
    setChosen((before) => [...before, ...added]);
  };
  const send = (files: readonly Chosen[]) => {
    queue.add(files.map(({ file, name }) => ({ file, name: name.trim(), workspaceId: workspace })));
    setChosen([]);
    void client.invalidateQueries({ queryKey: keys.uploads });
  };

  return (
    <Stack gap="sm">
      <Dropzone
        onDrop={choose}
        inputProps={{ "aria-label": "Files to upload" }}
        // The button within is what the keyboard reaches; its click opens the dialog of the area.
        tabIndex={-1}
        activateOnKeyboard={false}
        px="md"
        py="lg"
      >
        <Group justify="center" gap="md" style={{ pointerEvents: "none" }}>
          <IconUpload size={28} stroke={1.5} aria-hidden />
          <Box>
            <Text fw={600}>Drop tables here</Text>
            <Text size="sm" c="dimmed">
              CSV or other delimited text, plain or gzip; Parquet; Excel (.xlsx)
              {limit.data == null ? "" : `. Up to ${formatBytes(limit.data)} each`}
            </Text>
          </Box>
          <Button variant="default" style={{ pointerEvents: "all" }}>
            Choose files
          </Button>
        </Group>
      </Dropzone>
      {chosen.length > 0 && (
        <ChosenFiles
          chosen={chosen}
          onChange={setChosen}
          onSend={send}
          hasFixedName={versionOf !== undefined}
          workspaceId={workspace}
          limitBytes={limit.data ?? undefined}
          unfinished={unfinished.data ?? []}
        />
      )}
      {versionOf === undefined && (
        <UnfinishedUploads
          unfinished={(unfinished.data ?? []).filter(
            (each) => ![...uploads, ...chosen].some(({ file }) => isSameFile(file, each)),
          )}
          onContinue={(file, { name }) => {
            send([{ file, name }]);
          }}
        />
      )}
      {shown.length > 0 && (
        <Stack gap="xs" component="section" aria-label="Uploads">
          {shown.map((upload) => (
            <UploadRow key={upload.key} upload={upload} queue={queue} onOpen={onOpen} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}
