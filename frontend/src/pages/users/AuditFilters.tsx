import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { ACTIONS, type AuditFilter } from "./auditFilter";
import type { User } from "./everyUser";

interface Props {
  readonly filter: AuditFilter;
  readonly users: readonly User[];
}

const TYPING_MS = 400;

/** What of the log to show; kept in the address, so that it can be sent around. */
export function AuditFilters({ filter, users }: Props) {
  const navigate = useNavigate();
  const set = (name: keyof AuditFilter, value: string) => {
    void navigate({
      to: "/users",
      search: { tab: "audit", ...filter, [name]: value === "" ? undefined : value },
      replace: true,
    });
  };
  // What is being typed, until it is in the address; a link may put another one there.
  const [draft, setDraft] = useState({ of: filter.target, text: filter.target ?? "" });
  const setTarget = useDebouncedCallback((value: string) => {
    set("target", value);
  }, TYPING_MS);
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label="Who"
        w={200}
        value={filter.actor ?? ""}
        data={[{ value: "", label: "Everybody" }, ...users.map(({ id, email }) => ({ value: id, label: email }))]}
        onChange={(event) => {
          set("actor", event.currentTarget.value);
        }}
      />
      <NativeSelect
        label="Did"
        w={180}
        value={filter.action ?? ""}
        onChange={(event) => {
          set("action", event.currentTarget.value);
        }}
      >
        <option value="">Anything</option>
        {Object.entries(ACTIONS).map(([group, verbs]) => (
          <optgroup key={group} label={group}>
            <option value={group}>{group}: all</option>
            {verbs.map((verb) => (
              <option key={verb} value={`${group}.${verb}`}>{`${group}.${verb}`}</option>
            ))}
          </optgroup>
        ))}
      </NativeSelect>
      <TextInput
        label="To (an id)"
        w={180}
        value={draft.of === filter.target ? draft.text : (filter.target ?? "")}
        onChange={(event) => {
          setDraft({ of: filter.target, text: event.currentTarget.value });
          setTarget(event.currentTarget.value);
        }}
      />
      <TextInput
        type="date"
        label="From"
        value={filter.since ?? ""}
        onChange={(event) => {
          set("since", event.currentTarget.value);
        }}
      />
      <TextInput
        type="date"
        label="To the end of"
        value={filter.until ?? ""}
        onChange={(event) => {
          set("until", event.currentTarget.value);
        }}
      />
      {Object.values(filter).some(Boolean) && (
        <Button
          variant="subtle"
          onClick={() => void navigate({ to: "/users", search: { tab: "audit" }, replace: true })}
        >
          Clear
        </Button>
      )}
    </Group>
  );
}
