import { Button, Group, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";

import { inputValue } from "../../ask/startTime";
import { notifyDone } from "../../components/notify";
import { Problem } from "../../components/Problem";
import { MINUTES, type WindowForm, newWindow, windowProblems } from "../../status/announce";
import { useStatusOrder } from "../../status/queries";
import type { NewWindow, Part } from "../../status/types";

interface Props {
  readonly parts: readonly Part[];
  readonly onClose: () => void;
}

/** When, of what and why: what is in it raises no alert meanwhile. */
export function AnnounceForm({ parts, onClose }: Props) {
  const [form, setForm] = useState<WindowForm>(() => ({
    parts: [],
    from: inputValue(new Date()),
    minutes: "60",
    reason: "",
  }));
  const [isTried, setTried] = useState(false);
  const set = (change: Partial<WindowForm>) => {
    setForm((before) => ({ ...before, ...change }));
  };
  const announce = useStatusOrder<NewWindow, unknown>(
    (calls, window) => calls.announce(window),
    () => {
      notifyDone("The maintenance is announced.");
      onClose();
    },
  );
  const problems = isTried ? windowProblems(form) : {};
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        const window = newWindow(form, new Date());
        if (window) {
          announce.mutate(window);
        }
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="What for"
          description="Everybody reads it on this page"
          required
          maxLength={200}
          data-autofocus
          value={form.reason}
          error={problems.reason}
          onChange={(event) => {
            set({ reason: event.currentTarget.value });
          }}
        />
        <MultiSelect
          label="Parts in it"
          placeholder={form.parts.length === 0 ? "All of them" : ""}
          data={parts.map(({ id, title }) => ({ value: id, label: title }))}
          value={form.parts}
          searchable
          clearable
          clearButtonProps={{ "aria-label": "All of them" }}
          onChange={(chosen) => {
            set({ parts: chosen });
          }}
        />
        <TextInput
          type="datetime-local"
          label="From"
          description="In your time zone"
          required
          value={form.from}
          error={problems.from}
          onChange={(event) => {
            set({ from: event.currentTarget.value });
          }}
        />
        <Select
          label="For"
          allowDeselect={false}
          data={[...MINUTES]}
          value={form.minutes}
          onChange={(minutes) => {
            set({ minutes: minutes ?? form.minutes });
          }}
        />
        {announce.isError && <Problem error={announce.error} title="It was not announced" />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Do nothing
          </Button>
          <Button type="submit" loading={announce.isPending}>
            Announce it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
