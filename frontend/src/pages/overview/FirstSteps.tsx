import { Alert, Anchor, Button, Card, Group, Loader, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";

import { DEMOS, type Demo } from "../../analyses/demos";
import { useDemo } from "../../analyses/useDemo";
import { mayWrite, useWorkspace } from "../../app/workspace";
import { Empty } from "../../components/Empty";
import { Problem } from "../../components/Problem";

/** What to do first: upload a table of one's own, or take one with a known answer. */
export function FirstSteps() {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  const demo = useDemo(workspace.id);

  if (!mayWrite(workspace)) {
    return (
      <Empty title="Nothing was asked here yet">You are a viewer of this workspace: others add data and ask.</Empty>
    );
  }
  const load = (chosen: Demo) => {
    demo.mutate(chosen, { onSuccess: ({ id }) => void navigate({ to: "/analyses/$id", params: { id } }) });
  };
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        Begin here
      </Title>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="md">
        <Card withBorder>
          <Stack gap="xs" h="100%">
            <Title order={3} size="h5">
              Your own table
            </Title>
            <Text size="sm" style={{ flexGrow: 1 }}>
              CSV, Parquet or Excel: one row for each person, shop or month, one column for what was done and one for
              what came of it.
            </Text>
            <Button component={Link} to="/data" variant="default">
              Upload a table
            </Button>
          </Stack>
        </Card>
        {DEMOS.map((one) => (
          <Card withBorder key={one.dataset}>
            <Stack gap="xs" h="100%">
              <Title order={3} size="h5">
                {one.title}
              </Title>
              <Text size="sm" style={{ flexGrow: 1 }}>
                {one.about}
              </Text>
              <Button
                disabled={demo.isPending}
                onClick={() => {
                  load(one);
                }}
              >
                {one.action}
              </Button>
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
      {demo.step !== undefined && (
        <Alert color="blue" role="status">
          <Group gap="sm">
            <Loader size="xs" />
            {demo.step}…
          </Group>
        </Alert>
      )}
      {demo.isError && <Problem error={demo.error} title="The demo could not be loaded" />}
      <Text size="sm" c="dimmed">
        What an analysis does and how to read it is told on its page; the API is described at{" "}
        <Anchor href="/docs/">/docs</Anchor>.
      </Text>
    </Stack>
  );
}
