import { Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { OrderFooter } from "./OrderFooter";
import { PlanView } from "./PlanView";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { useOrder } from "../../deployments/orders";
import { usePlan } from "../../deployments/queries";
import type { DeployOrder, Plan, Summary } from "../../deployments/types";

interface Props {
  readonly branch: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What a deploy would do, and the button that does it. */
export function PlanDialog({ branch, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} size="xl" title="Deploy">
      <Content branch={branch} onClose={onClose} />
    </Modal>
  );
}

function Content({ branch, onClose }: Omit<Props, "opened">) {
  const [typed, setTyped] = useState(branch);
  const [reference, setReference] = useState(branch);
  const plan = usePlan(reference);
  const wanted = typed.trim();
  return (
    <Stack gap="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted === reference) {
            void plan.refetch();
          }
          setReference(wanted);
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Branch, tag or commit"
            description={`It has to be on ${branch}.`}
            value={typed}
            flex={1}
            miw={200}
            spellCheck={false}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
          <Button type="submit" variant="default" loading={plan.isFetching} disabled={wanted === ""}>
            Show what it would do
          </Button>
        </Group>
      </form>
      {plan.isError && !plan.isFetching && (
        <Problem error={plan.error} title="There is no plan" onRetry={() => void plan.refetch()} />
      )}
      {plan.isFetching && !plan.data && <Loading what="Looking what it would do" lines={6} />}
      {plan.data && wanted === reference && <Order key={plan.data.commit.id} plan={plan.data} onClose={onClose} />}
    </Stack>
  );
}

interface OrderProps {
  readonly plan: Plan;
  readonly onClose: () => void;
}

function Order({ plan, onClose }: OrderProps) {
  const navigate = useNavigate();
  const [force, setForce] = useState(false);
  const [note, setNote] = useState("");
  const order = useOrder<DeployOrder, Summary>(
    (deployer, request) => deployer.deploy(request),
    ({ id }) => {
      onClose();
      void navigate({ to: "/deployments/$id", params: { id: String(id) } });
    },
  );
  const isRefused = plan.refusals.length > 0;
  return (
    <Stack gap="md">
      <PlanView plan={plan} />
      <TextInput
        label="Note"
        description="Why it is deployed by hand, for the audit log; may stay empty."
        maxLength={1000}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
      {isRefused && (
        <Checkbox
          label="Try it all the same"
          description="Only one reason can be overruled: that what is live could not read the database afterwards."
          checked={force}
          onChange={(event) => {
            setForce(event.currentTarget.checked);
          }}
        />
      )}
      <OrderFooter
        order={order}
        verb={force ? "Deploy by force" : "Deploy"}
        danger={force}
        disabled={isRefused && !force}
        onOrder={() => {
          // What was looked at, even if the branch has moved on meanwhile.
          order.mutate({ ref: plan.commit.id, force, note: note.trim() });
        }}
        onCancel={onClose}
      />
    </Stack>
  );
}
