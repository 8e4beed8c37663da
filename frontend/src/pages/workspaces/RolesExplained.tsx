import { List, Text } from "@mantine/core";

import { WORKSPACE_ROLES, WORKSPACE_ROLE_NAMES } from "../users/roles";

/** What each role may do. */
export function RolesExplained() {
  return (
    <Text size="sm" c="dimmed" component="div">
      <List size="sm">
        {WORKSPACE_ROLE_NAMES.map((role) => (
          <List.Item key={role}>
            <Text span fw={600} inherit>
              {WORKSPACE_ROLES[role].label}
            </Text>{" "}
            {WORKSPACE_ROLES[role].means}
          </List.Item>
        ))}
      </List>
    </Text>
  );
}
