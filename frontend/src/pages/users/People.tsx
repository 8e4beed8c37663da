import { Button, Group, Pagination, Stack, Table, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSearch, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";

import { ApiProblem } from "../../api/problem";
import { useAccount } from "../../app/account";
import { usePlatform } from "../../app/platform";
import { Empty } from "../../components/Empty";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { formatCount } from "../../format";
import { searchUsers, useEveryUser } from "./everyUser";
import { Invite } from "./Invite";
import { UserRow } from "./UserRow";

const PER_PAGE = 50;

/** Everybody with an account. */
export function People() {
  const { config } = usePlatform();
  const account = useAccount();
  const users = useEveryUser();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(1);
  const [inviting, { open, close }] = useDisclosure(false);

  if (users.error instanceof ApiProblem && users.error.kind === "supabase-mode") {
    return (
      <Empty title="People are kept in Supabase">
        This platform takes its people from the Supabase project at <code>{config.supabase_url}</code>: invite them and
        change their roles (<code>app_metadata.role</code>) there. Whoever has signed in here once can be added to
        workspaces.
      </Empty>
    );
  }
  if (users.isError) {
    return <Problem error={users.error} onRetry={() => void users.refetch()} />;
  }
  if (!users.data) {
    return <Loading what="Loading the users" />;
  }
  const found = searchUsers(users.data, search);
  const shown = found.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return (
    <Stack gap="md">
      <Invite opened={inviting} onClose={close} />
      <Group justify="space-between">
        <TextInput
          aria-label="Search by address or role"
          placeholder="Search by address or role"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setPage(1);
          }}
          flex={1}
          miw={180}
          maw={360}
        />
        <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
          Invite
        </Button>
      </Group>
      {found.length === 0 ? (
        <Empty title="Nobody found">No address and no role has this in it. Clear the search, or invite somebody.</Empty>
      ) : (
        <ScrollRegion label="Users">
          <Table miw={720} verticalSpacing="xs" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">E-mail</Table.Th>
                <Table.Th scope="col">Role</Table.Th>
                <Table.Th scope="col">State</Table.Th>
                <Table.Th scope="col">Last signed in</Table.Th>
                <Table.Th scope="col">Since</Table.Th>
                <Table.Th scope="col">
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((user) => (
                <UserRow key={user.id} user={user} self={user.id === account.id} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {formatCount(found.length)} of {formatCount(users.data.length)} users
        </Text>
        {found.length > PER_PAGE && (
          <Pagination
            total={Math.ceil(found.length / PER_PAGE)}
            value={page}
            onChange={setPage}
            size="sm"
            getItemProps={(number) => ({ "aria-label": `Page ${number}` })}
            getControlProps={(control) => ({ "aria-label": control === "next" ? "Next page" : "Previous page" })}
          />
        )}
      </Group>
    </Stack>
  );
}
