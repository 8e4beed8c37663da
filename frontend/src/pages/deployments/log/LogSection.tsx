import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";

import { LogSearch } from "./LogSearch";
import { LogView } from "./LogView";
import { usePlatform } from "../../../app/platform";
import { notifyProblem } from "../../../components/notify";
import { Section } from "../../../components/Section";
import { download } from "../../../data/download";
import { find } from "../../../deployments/log/find";
import type { FollowStatus, Follower } from "../../../deployments/log/follower";
import { useFollowStatus, useLogShown } from "../../../deployments/log/useFollower";
import { formatCount } from "../../../format";

interface Props {
  readonly id: number;
  readonly follower: Follower;
}

/** The log of a deployment as it is written: it can be searched, stopped, downloaded. */
export function LogSection({ id, follower }: Props) {
  const shown = useLogShown(follower);
  const status = useFollowStatus(follower);
  const [follows, setFollows] = useState(true);
  const [text, setText] = useState("");
  const [turn, setTurn] = useState(0);
  const wanted = useDeferredValue(text);
  const hits = useMemo(() => find(shown, wanted), [shown, wanted]);
  const current = hits[Math.min(turn, hits.length - 1)];

  const look = (to: number) => {
    setTurn(to);
    setFollows(false);
  };
  return (
    <Section
      title="Log"
      actions={
        <>
          <Switch
            size="sm"
            label="Follow"
            checked={follows}
            onChange={(event) => {
              setFollows(event.currentTarget.checked);
            }}
          />
          <DownloadLog id={id} />
        </>
      }
    >
      <Stack gap="xs">
        <LogSearch
          text={text}
          hits={hits.length}
          at={Math.min(turn, Math.max(hits.length - 1, 0))}
          onText={(typed) => {
            setText(typed);
            look(0);
          }}
          onTurn={look}
        />
        <LogView shown={shown} follows={follows} onFollows={setFollows} text={wanted} current={current} />
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed" role="status">
            {WORDS[status]}
          </Text>
          <Text size="xs" c="dimmed">
            {formatCount(shown.count)} {shown.count === 1 ? "line" : "lines"}
            {shown.dropped > 0 && `; ${formatCount(shown.dropped)} older ones only in the download`}
          </Text>
        </Group>
      </Stack>
    </Section>
  );
}

const WORDS: Readonly<Record<FollowStatus, string>> = {
  connecting: "Connecting…",
  open: "Live: new lines appear by themselves.",
  waiting: "The line to the deployer is interrupted; it is taken up again by itself where it ended.",
  complete: "That is all of it: the deployment has ended.",
};

function DownloadLog({ id }: { readonly id: number }) {
  const { fetch } = usePlatform();
  const fetched = useMutation({
    mutationFn: () =>
      download(fetch, { path: `/api/v1/deployments/${id}/log`, fileName: `deployment-${id}.log`, sizeBytes: 0 }),
    onError: (error) => {
      notifyProblem("The log was not downloaded", error);
    },
  });
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={fetched.isPending}
      onClick={() => {
        fetched.mutate();
      }}
    >
      Download
    </Button>
  );
}
