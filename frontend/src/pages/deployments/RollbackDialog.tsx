import { Alert, Checkbox, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { CommitLine } from "./CommitLine";
import { OrderFooter } from "./OrderFooter";
import { Problem } from "../../components/Problem";
import { isSchemaTooNew, strandedJobs, useOrder } from "../../deployments/orders";
import type { Deployment, Summary } from "../../deployments/types";
import { commitWords } from "../../deployments/words";

interface Props {
  readonly target: Deployment;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks before a kept release is put back. */
export function RollbackDialog({ target, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Roll back to #${target.id}?`}>
      <Content target={target} onClose={onClose} />
    </Modal>
  );
}

function Content({ target, onClose }: Omit<Props, "opened">) {
  const { id, commit, rollback_refusal: refusal } = target;
  const navigate = useNavigate();
  const [force, setForce] = useState(false);
  const [typed, setTyped] = useState("");
  const order = useOrder<boolean, Summary>(
    (deployer, forced) => deployer.rollback(id, forced),
    (begun) => {
      onClose();
      void navigate({ to: "/deployments/$id", params: { id: String(begun.id) } });
    },
  );
  const refusedBySchema = isSchemaTooNew(order.error);
  const stranded = [...new Set([...target.stranded_jobs, ...strandedJobs(order.error)])];
  const isAgainst = refusedBySchema || typeof refusal === "string";
  const isTyped = typed.trim().replace(/^#/u, "") === String(id);
  const asksToType = isAgainst ? force : stranded.length > 0;
  const isConfirmed = (!isAgainst || force) && (!asksToType || isTyped);
  return (
    <Stack gap="md">
      <div>
        <Text fw={600}>{commitWords(commit)}</Text>
        <CommitLine commit={commit} />
      </div>
      <Text size="sm">
        Its containers are started again and take over; nothing is built, and the database is left as it is. No request
        is lost. Afterwards the server is pinned: nothing newer is deployed by itself until a new commit arrives or you
        let deployments go on.
      </Text>
      {typeof refusal === "string" && (
        <Alert color="red" role="alert" title="It would be refused">
          {refusal}
        </Alert>
      )}
      {stranded.length > 0 && (
        <Alert color="orange" title="Jobs that this release cannot run">
          They wait until a release that knows them is live again:
          <List size="sm">
            {stranded.map((job) => (
              <List.Item key={job}>{job}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {isAgainst && (
        <Checkbox
          label="Roll back all the same"
          description="It helps where only the database stands against it; its programs may then meet what they do not know."
          checked={force}
          onChange={(event) => {
            setForce(event.currentTarget.checked);
          }}
        />
      )}
      {asksToType && (
        <TextInput
          label={`Type ${id} to confirm`}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      )}
      <OrderFooter
        order={order}
        verb={force && isAgainst ? `Roll back to #${id} by force` : `Roll back to #${id}`}
        danger
        disabled={!isConfirmed}
        refusal={
          refusedBySchema ? (
            <Problem error={order.error} title="The database is newer than this release can read" />
          ) : undefined
        }
        onOrder={() => {
          order.mutate(force && isAgainst);
        }}
        onCancel={onClose}
      />
    </Stack>
  );
}
