import { Button } from "@mantine/core";

import { confirm } from "../../components/confirm";
import { Section } from "../../components/Section";
import { useLeave } from "./useLeave";

/** Where one is signed in. */
export function Sessions() {
  const leave = useLeave();
  const leaveEverywhere = async () => {
    const sure = await confirm({
      title: "Sign out everywhere?",
      words: "You are signed out on every machine, here too.",
      verb: "Sign out everywhere",
      danger: true,
    });
    if (sure) {
      leave.mutate("global");
    }
  };
  return (
    <Section
      title="Sessions"
      about="Where you are signed in."
      actions={
        <Button variant="default" size="xs" onClick={leaveEverywhere}>
          Sign out everywhere
        </Button>
      }
    >
      {null}
    </Section>
  );
}
