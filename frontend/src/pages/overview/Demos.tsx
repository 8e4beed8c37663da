import { Button, Group, Loader, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";

import { Problem } from "../../components/Problem";
import { DEMOS } from "../../demo/demos";
import { STEPS } from "../../demo/runDemo";
import { useDemo } from "../../demo/useDemo";

/** Questions that one click asks. */
export function Demos() {
  const { run, step } = useDemo();
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {DEMOS.map((demo) => {
          const isRunning = run.isPending && run.variables.id === demo.id;
          return (
            <Paper key={demo.id} withBorder p="md" radius="md">
              <Stack gap="xs" h="100%" justify="space-between">
                <div>
                  <Title order={3} size="h5">
                    {demo.title}
                  </Title>
                  <Text size="sm" c="dimmed">
                    {demo.about}
                  </Text>
                </div>
                <Group gap="sm" mih={36}>
                  {isRunning ? (
                    <Group gap="xs" role="status">
                      <Loader size="xs" aria-hidden />
                      <Text size="sm">{STEPS[step]} …</Text>
                    </Group>
                  ) : (
                    <Button
                      variant="light"
                      leftSection={<IconPlayerPlay size={16} aria-hidden />}
                      disabled={run.isPending}
                      aria-label={`Run the demo: ${demo.title}`}
                      onClick={() => {
                        run.mutate(demo);
                      }}
                    >
                      Run this demo
                    </Button>
                  )}
                </Group>
              </Stack>
            </Paper>
          );
        })}
      </SimpleGrid>
      {run.isError && (
        <Problem
          error={run.error}
          title="The demo could not be loaded"
          onRetry={() => {
            run.mutate(run.variables);
          }}
        />
      )}
    </Stack>
  );
}
