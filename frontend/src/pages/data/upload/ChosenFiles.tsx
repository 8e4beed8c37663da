import { Button, Group, Paper, Stack } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";

import { nameProblem } from "../../../data/uploads/names";
import type { Unfinished } from "../../../data/uploads/useUploads";
import { ChosenFile } from "./ChosenFile";

/** A file that was chosen and is not on its way yet. */
export interface Chosen {
  readonly file: File;
  readonly name: string;
}

interface Props {
  readonly chosen: readonly Chosen[];
  readonly onChange: (chosen: readonly Chosen[]) => void;
  readonly onSend: (chosen: readonly Chosen[]) => void;
  readonly hasFixedName: boolean;
  readonly workspaceId: string;
  readonly limitBytes: number | undefined;
  readonly unfinished: readonly Unfinished[];
}

/** Chosen files with the names that their datasets get, before they are sent. */
export function ChosenFiles({ chosen, onChange, onSend, hasFixedName, workspaceId, limitBytes, unfinished }: Props) {
  const isReady = chosen.every(
    ({ file, name }) => nameProblem(name) === undefined && fileProblem(file, limitBytes) === undefined,
  );
  return (
    <Paper
      component="form"
      withBorder
      p="md"
      radius="md"
      aria-label="Chosen files"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) {
          onSend(chosen);
        }
      }}
    >
      <Stack gap="sm">
        {chosen.map((each, index) => (
          <ChosenFile
            // The same file may be chosen twice; the place is what tells the two apart.
            key={index}
            chosen={each}
            problem={fileProblem(each.file, limitBytes)}
            hasFixedName={hasFixedName}
            workspaceId={workspaceId}
            unfinished={unfinished}
            onName={(name) => {
              onChange(chosen.map((other, place) => (place === index ? { ...other, name } : other)));
            }}
            onRemove={() => {
              onChange(chosen.filter((_, place) => place !== index));
            }}
          />
        ))}
        <Group gap="xs">
          <Button type="submit" leftSection={<IconUpload size={16} aria-hidden />} disabled={!isReady}>
            {chosen.length === 1 ? "Upload" : `Upload ${chosen.length} files`}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              onChange([]);
            }}
          >
            Cancel
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

function fileProblem({ size }: File, limitBytes: number | undefined): string | undefined {
  if (size === 0) {
    return "This file is empty.";
  }
  return limitBytes !== undefined && size > limitBytes ? "This file is larger than the platform takes." : undefined;
}
