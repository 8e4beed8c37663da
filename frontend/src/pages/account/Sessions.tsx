import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { ApiProblem } from "../../api/problem";
import { useApi, usePlatform } from "../../app/platform";
import { confirm } from "../../components/confirm";
import { Loading } from "../../components/Loading";
import { notifyDone, notifyProblem } from "../../components/notify";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { SessionTable } from "./SessionTable";
import { useLeave } from "./useLeave";

/** Where one is signed in; any of it can be ended from here. */
export function Sessions() {
  const api = useApi();
  const sessions = useQuery({ queryKey: keys.sessions, queryFn: () => body(api.GET("/api/v1/account/sessions")) });
  const elsewhere = sessions.data?.sessions.filter(({ is_current }) => !is_current).length;
  const keptBySupabase = sessions.error instanceof ApiProblem && sessions.error.kind === "supabase-mode";
  return (
    <Section
      title="Sessions"
      about="Where you are signed in. End what you do not know, then change your password."
      actions={<EndMany elsewhere={keptBySupabase ? undefined : elsewhere} />}
    >
      {keptBySupabase ? (
        <Text size="sm" c="dimmed">
          The Supabase project keeps your sessions; it does not tell where they are. You can end all of them.
        </Text>
      ) : sessions.isError ? (
        <Problem error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : sessions.data ? (
        <SessionTable sessions={sessions.data.sessions} />
      ) : (
        <Loading what="Looking where you are signed in" />
      )}
    </Section>
  );
}

/** `elsewhere`: how many other sessions there are, where that is known. */
function EndMany({ elsewhere }: { readonly elsewhere: number | undefined }) {
  const { session } = usePlatform();
  const queryClient = useQueryClient();
  const leave = useLeave();
  const others = useMutation({
    mutationFn: () => session.leave("others"),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.sessions });
      notifyDone("You are signed in here alone.");
    },
    onError: (error) => {
      notifyProblem("The other sessions were not ended", error);
    },
  });
  const leaveEverywhere = async () => {
    const words = "Every session of yours ends, this one too. Work that is not saved elsewhere is lost.";
    if (await confirm({ title: "Sign out everywhere?", words, verb: "Sign out everywhere", danger: true })) {
      leave.mutate("global");
    }
  };
  return (
    <Group gap="xs">
      <Button
        variant="default"
        size="xs"
        disabled={elsewhere === 0}
        loading={others.isPending}
        onClick={() => {
          others.mutate();
        }}
      >
        End all others
      </Button>
      <Button variant="default" size="xs" loading={leave.isPending} onClick={leaveEverywhere}>
        Sign out everywhere
      </Button>
    </Group>
  );
}
