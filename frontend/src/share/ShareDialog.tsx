import { Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { useApi } from "../app/platform";
import { Loading } from "../components/Loading";
import { Problem } from "../components/Problem";
import { MakeShare } from "./MakeShare";
import { ShareTable } from "./ShareTable";

interface Props {
  readonly analysisId: string;
  /** Analysts and owners may; viewers see the links alone. */
  readonly mayShare: boolean;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Links to one analysis for people without an account: made, listed, revoked. */
export function ShareDialog({ analysisId, mayShare, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Share this analysis" size="xl" closeOnClickOutside={false}>
      <Shares analysisId={analysisId} mayShare={mayShare} />
    </Modal>
  );
}

function Shares({ analysisId, mayShare }: Pick<Props, "analysisId" | "mayShare">) {
  const api = useApi();
  const shares = useQuery({
    queryKey: keys.analysisShares(analysisId),
    queryFn: () => body(api.GET("/api/v1/analyses/{id}/shares", { params: { path: { id: analysisId } } })),
  });
  return (
    <Stack gap="md">
      <Text size="sm">
        Whoever has the link reads the question, the dataset&rsquo;s name and version, and the result, without signing
        in. They see nothing else of the workspace, and change nothing. To work on it together, add people to the
        workspace instead.
      </Text>
      {mayShare ? (
        <MakeShare analysisId={analysisId} />
      ) : (
        <Text size="sm" c="dimmed">
          You are a viewer of this workspace: an analyst or an owner can make links.
        </Text>
      )}
      {shares.isError && <Problem error={shares.error} onRetry={() => void shares.refetch()} />}
      {shares.isPending && <Loading what="Loading the links" lines={2} />}
      {shares.data && <ShareTable analysisId={analysisId} shares={shares.data.shares} mayRevoke={mayShare} />}
    </Stack>
  );
}
