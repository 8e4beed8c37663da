import { Code } from "@mantine/core";

import { useAccount } from "../../app/account";
import { Facts } from "../../components/Facts";
import { Section } from "../../components/Section";
import { Time } from "../../components/Time";
import { PLATFORM_ROLES } from "../users/roles";

/** The caller, as the platform knows them. */
export function WhoAmI() {
  const account = useAccount();
  const role = PLATFORM_ROLES[account.role];
  return (
    <Section title="You">
      <Facts
        facts={[
          ["E-mail", account.email ?? "not told by the token"],
          ["Signed in", account.signed_in_at ? <Time at={account.signed_in_at} key="at" /> : "not told by the token"],
          ["Role on the platform", `${role.label}: ${role.means}`],
          ["Your id, for programs and logs", <Code key="id">{account.id}</Code>],
        ]}
      />
    </Section>
  );
}
