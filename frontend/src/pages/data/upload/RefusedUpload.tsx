import { Alert, Badge, Button, Code, FileButton, Group, Stack, Text } from "@mantine/core";
import { IconFileAlert } from "@tabler/icons-react";

import type { ApiProblem } from "../../../api/problem";
import type { QueuedUpload, UploadQueue } from "../../../data/uploads/queue";
import { refusalOf } from "../../../data/uploads/refusal";

interface Props {
  readonly upload: QueuedUpload;
  readonly problem: ApiProblem;
  readonly queue: UploadQueue;
}

/** Why a file was not taken: where, what, and what to do. A workbook with several sheets asks which. */
export function RefusedUpload({ upload, problem, queue }: Props) {
  const { key, file, name, workspaceId } = upload;
  const { places, detail, sheets } = refusalOf(problem);
  const isQuestion = sheets.length > 0;
  const replace = (more: { readonly file?: File; readonly sheet?: string }) => {
    queue.dismiss(key);
    queue.add([{ file, name, workspaceId, ...more }]);
  };
  return (
    <Alert
      color={isQuestion ? "blue" : "red"}
      icon={<IconFileAlert aria-hidden />}
      title={isQuestion ? `Which sheet of “${file.name}”?` : `“${file.name}” was not taken`}
      role="alert"
    >
      <Stack gap="xs">
        {places.length > 0 && (
          <Group gap={6}>
            {places.map((place) => (
              <Badge key={place} variant="white" color="red" tt="none">
                {place}
              </Badge>
            ))}
          </Group>
        )}
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {detail}
        </Text>
        {!isQuestion && problem.requestId !== undefined && (
          <Text size="xs">
            Request <Code>{problem.requestId}</Code>
          </Text>
        )}
        <Group gap="xs">
          {sheets.map((sheet) => (
            <Button
              key={sheet}
              size="xs"
              onClick={() => {
                replace({ sheet });
              }}
            >
              {sheet}
            </Button>
          ))}
          {!isQuestion && (
            <FileButton
              onChange={(corrected) => {
                if (corrected !== null) {
                  replace({ file: corrected });
                }
              }}
            >
              {(props) => (
                <Button size="xs" {...props}>
                  Choose the corrected file
                </Button>
              )}
            </FileButton>
          )}
          {problem.kind !== "not-a-table" && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                replace({});
              }}
            >
              Try again
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              queue.dismiss(key);
            }}
          >
            Dismiss
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
