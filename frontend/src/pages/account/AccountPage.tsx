import { Button, SimpleGrid, Stack } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";

import { Page } from "../../components/Page";
import { ChangePassword } from "./ChangePassword";
import { Looks } from "./Looks";
import { Running } from "./Running";
import { Sessions } from "./Sessions";
import { useLeave } from "./useLeave";
import { WhoAmI } from "./WhoAmI";

/** Who one is here, where one is signed in, and how this page looks. */
export function AccountPage() {
  const leave = useLeave();
  return (
    <Page
      title="Account"
      about="Who you are here, where you are signed in, and how this page looks."
      actions={
        <Button
          variant="default"
          leftSection={<IconLogout size={16} aria-hidden />}
          loading={leave.isPending}
          onClick={() => {
            leave.mutate("local");
          }}
        >
          Sign out
        </Button>
      }
    >
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Stack gap="lg">
            <WhoAmI />
            <Looks />
            <Running />
          </Stack>
          <ChangePassword />
        </SimpleGrid>
        <Sessions />
      </Stack>
    </Page>
  );
}
