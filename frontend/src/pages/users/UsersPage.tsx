import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useAccount } from "../../app/account";
import { Forbidden } from "../../components/Forbidden";
import { Page } from "../../components/Page";
import { AuditLog } from "./AuditLog";
import { People } from "./People";

/** For admins: who has an account, and who did what. */
export function UsersPage() {
  const { role } = useAccount();
  const { tab } = useSearch({ from: "/signed-in/users" });
  const navigate = useNavigate();
  if (role !== "admin") {
    return (
      <Page title="Users">
        <Forbidden title="This page is for admins">
          Admins invite people, change their roles and read what was done. To add somebody to a workspace of yours, open
          Workspaces instead; for anything else ask an admin.
        </Forbidden>
      </Page>
    );
  }
  return (
    <Page title="Users" about="Who has an account on this platform, and who did what.">
      <Tabs
        value={tab === "audit" ? "audit" : "people"}
        onChange={(chosen) => void navigate({ to: "/users", search: chosen === "audit" ? { tab: "audit" } : {} })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="people">People</Tabs.Tab>
          <Tabs.Tab value="audit">Audit log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <People />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditLog />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
