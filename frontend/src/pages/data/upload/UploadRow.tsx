import { ActionIcon, Group, Paper, Progress, Stack, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconPlayerPause, IconPlayerPlay, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { LinkButton } from "../../../components/links";
import type { QueuedUpload, UploadQueue } from "../../../data/uploads/queue";
import { formatBytes } from "../../../format";
import { RefusedUpload } from "./RefusedUpload";
import { shareOf, standing } from "./standing";

interface Props {
  readonly upload: QueuedUpload;
  readonly queue: UploadQueue;
  readonly onOpen?: (() => void) | undefined;
}

/** One file on its way, or what became of it. */
export function UploadRow({ upload, queue, onOpen }: Props) {
  const { status, key, name, file } = upload;
  if (status.phase === "refused") {
    return <RefusedUpload upload={upload} problem={status.problem} queue={queue} />;
  }
  const isOpenEnded = status.phase === "checking" || (status.phase === "sending" && upload.sheet !== undefined);
  return (
    <Paper withBorder p="sm" radius="md">
      <Stack gap={6}>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Text fw={600} style={{ overflowWrap: "anywhere", flex: 1 }}>
            {name}{" "}
            <Text span size="sm" c="dimmed" fw={400}>
              {file.name}, {formatBytes(file.size)}
            </Text>
          </Text>
          <Actions upload={upload} queue={queue} />
        </Group>
        {status.phase === "stored" ? (
          <Group gap="sm">
            <IconCheck size={18} color="var(--mantine-color-teal-light-color)" aria-hidden />
            <Text size="sm" role="status">
              Uploaded
            </Text>
            <LinkButton
              to="/data/$id"
              params={{ id: status.datasetId }}
              size="compact-sm"
              onClick={() => {
                queue.dismiss(key);
                onOpen?.();
              }}
            >
              Open
            </LinkButton>
          </Group>
        ) : (
          <>
            <Progress
              value={isOpenEnded ? 100 : shareOf(status, file.size) * 100}
              animated={isOpenEnded}
              color={status.phase === "away" ? "orange" : status.phase === "paused" ? "gray" : "blue"}
              aria-label={`Upload of ${name}`}
            />
            <Text size="sm" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
              {standing(status, file.size)}
            </Text>
          </>
        )}
      </Stack>
    </Paper>
  );
}

function Actions({ upload: { status, key, name }, queue }: Props) {
  const canPause = status.phase === "sending" || status.phase === "away" || status.phase === "queued";
  return (
    <Group gap={4} wrap="nowrap">
      {canPause && (
        <Action
          label={`Pause the upload of ${name}`}
          icon={<IconPlayerPause size={16} aria-hidden />}
          onClick={() => {
            queue.pause(key);
          }}
        />
      )}
      {status.phase === "paused" && (
        <Action
          label={`Go on with the upload of ${name}`}
          icon={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => {
            queue.resume(key);
          }}
        />
      )}
      {status.phase === "stored" ? (
        <Action
          label="Take this off the list"
          icon={<IconX size={16} aria-hidden />}
          onClick={() => {
            queue.dismiss(key);
          }}
        />
      ) : (
        status.phase !== "checking" && (
          <Action
            label={`Cancel the upload of ${name}`}
            icon={<IconX size={16} aria-hidden />}
            onClick={() => void queue.cancel(key)}
          />
        )
      )}
    </Group>
  );
}

interface ActionProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
}

function Action({ label, icon, onClick }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
