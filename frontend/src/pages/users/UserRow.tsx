import { ActionIcon, Badge, Group, Menu, Table, Text } from "@mantine/core";
import { IconDots, IconKey, IconLock, IconLockOpen, IconShield, IconUser } from "@tabler/icons-react";

import { Time } from "../../components/Time";
import type { User } from "./everyUser";
import { LinkModal } from "./LinkModal";
import { PLATFORM_ROLES } from "./roles";
import { useUserActions } from "./useUserActions";

interface Props {
  readonly user: User;
  readonly self: boolean;
}

/** One person, and what an admin may do about them. */
export function UserRow({ user, self }: Props) {
  const { change, link } = useUserActions(user);
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm" style={{ overflowWrap: "anywhere" }} c={user.disabled ? "dimmed" : undefined}>
            {user.email}
          </Text>
          {self && (
            <Badge variant="light" tt="none">
              You
            </Badge>
          )}
        </Group>
        <LinkModal made={link.data} email={user.email} onClose={link.reset} />
      </Table.Td>
      <Table.Td>{PLATFORM_ROLES[user.role].label}</Table.Td>
      <Table.Td>
        <Standing user={user} />
      </Table.Td>
      <Table.Td>
        {user.last_sign_in_at ? <Time at={user.last_sign_in_at} ago /> : <Text size="sm">never</Text>}
      </Table.Td>
      <Table.Td>
        <Time at={user.created_at} />
      </Table.Td>
      <Table.Td ta="right">
        {user.role !== "canary" && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`What to do with ${user.email}`}
                loading={change.isPending || link.isPending}
              >
                <IconDots size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconKey size={16} aria-hidden />}
                disabled={user.disabled}
                onClick={() => void link.ask()}
              >
                {user.has_password ? "Make a link that resets the password" : "Make a new invite link"}
              </Menu.Item>
              <Menu.Item
                leftSection={
                  user.role === "admin" ? <IconUser size={16} aria-hidden /> : <IconShield size={16} aria-hidden />
                }
                onClick={() => void change.askRole(user.role === "admin" ? "user" : "admin")}
              >
                {user.role === "admin" ? "Take the admin role away" : "Make an admin"}
              </Menu.Item>
              <Menu.Item
                color={user.disabled ? undefined : "red"}
                leftSection={
                  user.disabled ? <IconLockOpen size={16} aria-hidden /> : <IconLock size={16} aria-hidden />
                }
                onClick={() => void change.askDisabled(!user.disabled)}
              >
                {user.disabled ? "Let them sign in again" : "Disable"}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Standing({ user }: { readonly user: User }) {
  const [color, label] = user.disabled
    ? ["red", "Disabled"]
    : user.has_password
      ? ["teal", "Can sign in"]
      : ["yellow", "Invited"];
  return (
    <Badge variant="light" color={color} tt="none" miw="max-content">
      {label}
    </Badge>
  );
}
