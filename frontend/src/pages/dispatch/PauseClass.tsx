import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { Problem } from "../../components/Problem";
import { CLASSES, type JobClass } from "./standing";

const MAX_REASON = 1000;

interface Props {
  readonly name: JobClass;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Pauses a class, with the reason that those who wait will read. */
export function PauseClass({ name, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Pause ${CLASSES[name].label.toLowerCase()} analyses`}>
      <PauseForm name={name} onClose={onClose} />
    </Modal>
  );
}

function PauseForm({ name, onClose }: Pick<Props, "name" | "onClose">) {
  const api = useApi();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { reason: "" },
    validate: { reason: (value) => (value.trim() === "" ? "Say why: those who wait read it" : null) },
  });
  const pause = useMutation({
    mutationFn: (reason: string) =>
      body(api.POST("/api/v1/admin/dispatch/{class}/pause", { params: { path: { class: name } }, body: { reason } })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.dispatch });
      onClose();
    },
  });
  return (
    <form
      onSubmit={form.onSubmit(({ reason }) => {
        pause.mutate(reason.trim());
      })}
      noValidate
    >
      <Stack gap="md">
        <Text size="sm">
          What runs goes on, and people can go on asking. Nothing that waits begins until somebody resumes it.
        </Text>
        <Textarea
          label="Why"
          description="Whoever waits reads this"
          required
          autosize
          minRows={2}
          maxLength={MAX_REASON}
          data-autofocus
          {...form.getInputProps("reason")}
        />
        {pause.isError && <Problem error={pause.error} title="It was not paused" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="orange" loading={pause.isPending}>
            Pause
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
