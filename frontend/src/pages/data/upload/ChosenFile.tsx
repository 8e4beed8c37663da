import { ActionIcon, Group, Text, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";

import { useNewestNamed } from "../../../data/datasets";
import { isSameFile } from "../../../data/uploads/memory";
import { nameProblem } from "../../../data/uploads/names";
import type { Unfinished } from "../../../data/uploads/useUploads";
import { formatBytes, formatPercent } from "../../../format";
import type { Chosen } from "./ChosenFiles";

const TYPING_MS = 300;

interface Props {
  readonly chosen: Chosen;
  readonly problem: string | undefined;
  readonly hasFixedName: boolean;
  readonly workspaceId: string;
  readonly unfinished: readonly Unfinished[];
  readonly onName: (name: string) => void;
  readonly onRemove: () => void;
}

/** One chosen file: what its dataset is called, and what that name means. */
export function ChosenFile({
  chosen: { file, name },
  problem,
  hasFixedName,
  workspaceId,
  unfinished,
  onName,
  onRemove,
}: Props) {
  const told = `${file.name}, ${formatBytes(file.size)}`;
  const wrong = problem ?? nameProblem(name);
  const known = unfinished.find((each) => isSameFile(file, each) && each.name === name.trim());
  return (
    <Group gap="sm" align="flex-start" wrap="nowrap">
      {hasFixedName ? (
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {told}
          </Text>
          <Text size="sm" c={problem === undefined ? "dimmed" : "var(--mantine-color-error)"}>
            {problem ?? <Meaning name={name} workspaceId={workspaceId} known={known} />}
          </Text>
        </div>
      ) : (
        <TextInput
          label="Name of the dataset"
          description={told}
          inputWrapperOrder={["label", "description", "input", "error"]}
          value={name}
          onChange={({ currentTarget }) => {
            onName(currentTarget.value);
          }}
          error={wrong}
          inputContainer={(input) => (
            <>
              {input}
              {wrong === undefined && (
                <Text size="sm" c="dimmed" mt={4}>
                  <Meaning name={name} workspaceId={workspaceId} known={known} />
                </Text>
              )}
            </>
          )}
          style={{ flex: 1, minWidth: 0 }}
        />
      )}
      <Tooltip label="Do not upload this file">
        <ActionIcon variant="subtle" color="gray" aria-label={`Do not upload ${file.name}`} onClick={onRemove}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

interface MeaningProps {
  readonly name: string;
  readonly workspaceId: string;
  readonly known: Unfinished | undefined;
}

/** Whether it becomes a new dataset or the next version of one. */
function Meaning({ name, workspaceId, known }: MeaningProps) {
  const [settled] = useDebouncedValue(name.trim(), TYPING_MS);
  const newest = useNewestNamed(workspaceId, settled);
  if (known) {
    const share = known.upload.offset_bytes / known.upload.length_bytes;
    return `Goes on where it was left, at ${formatPercent(Math.round(share * 100) / 100)}.`;
  }
  if (newest.data === undefined || settled !== name.trim()) {
    return "\u00a0";
  }
  return newest.data === null
    ? "A new dataset."
    : `Becomes version ${newest.data.version + 1} of this dataset. The earlier versions stay.`;
}
