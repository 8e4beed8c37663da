import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBellRinging } from "@tabler/icons-react";

import { Backticks } from "../../components/Backticks";
import { Problem } from "../../components/Problem";
import { useStatusOrder } from "../../status/queries";
import { answerTime, channelName } from "../../status/words";

/** Sends a message by every channel and says what came of it. */
export function TestAlerts() {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconBellRinging size={16} aria-hidden />} onClick={open}>
        Send a test alert
      </Button>
      <Modal opened={opened} onClose={close} title="Send a test alert?">
        <Content onClose={close} />
      </Modal>
    </>
  );
}

/** Apart, so that each opening begins anew. */
function Content({ onClose }: { readonly onClose: () => void }) {
  const test = useStatusOrder((calls) => calls.testAlerts());
  return (
    <Stack gap="md">
      <Text size="sm">Everybody who is told of incidents gets a message that says that it is a test.</Text>
      <Stack gap="sm" aria-live="polite">
        {test.data?.outcomes.map(({ channel, delivered, words, took_ms: took }) => (
          <Alert
            key={channel}
            color={delivered ? "teal" : "red"}
            variant="light"
            title={`${channelName(channel)}: ${delivered ? "delivered" : "not delivered"}`}
          >
            <Backticks text={words} /> ({answerTime(took)})
          </Alert>
        ))}
      </Stack>
      {test.isError && <Problem error={test.error} title="The test was not sent" />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {test.data ? "Close" : "Do nothing"}
        </Button>
        <Button
          loading={test.isPending}
          onClick={() => {
            test.mutate(undefined);
          }}
        >
          {test.data ? "Send it again" : "Send it"}
        </Button>
      </Group>
    </Stack>
  );
}
