import { Button, Group, Stack, Text } from "@mantine/core";

import { useAccount } from "../app/account";
import { Problem } from "../components/Problem";
import { useOpenMlflow } from "./useOpenMlflow";
import { type MlflowRun, mlflowWords } from "./words";

/** What became of the analysis in MLflow; admins can go there. */
export function MlflowLine({ run }: { readonly run: MlflowRun }) {
  const { role } = useAccount();
  const open = useOpenMlflow();
  const words = mlflowWords(run);
  const { path } = run;
  if (words === undefined) {
    return null;
  }
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          {words}
        </Text>
        {role === "admin" && typeof path === "string" && (
          <Button
            size="compact-sm"
            variant="default"
            loading={open.isPending}
            onClick={() => {
              open.mutate(path);
            }}
          >
            Open in MLflow
          </Button>
        )}
      </Group>
      {open.isError && <Problem error={open.error} title="MLflow could not be opened" />}
    </Stack>
  );
}
