import { Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { usePlatform } from "../../../app/platform";
import { notifyProblem } from "../../../components/notify";
import type { Dataset } from "../../../data/datasets";
import { download } from "../../../data/download";
import { fileNameOf } from "../../../data/fileName";

/** Gives the bytes back as they came. */
export function DownloadButton({ dataset }: { readonly dataset: Dataset }) {
  const { fetch } = usePlatform();
  const [received, setReceived] = useState(0);
  const sizeBytes = dataset.size_bytes ?? 0;
  const downloading = useMutation({
    mutationFn: () =>
      download(fetch, {
        path: `/api/v1/datasets/${dataset.id}/download`,
        fileName: fileNameOf(dataset),
        sizeBytes,
        onProgress: setReceived,
      }),
    onError: (error) => {
      notifyProblem("It was not downloaded", error);
    },
    onSettled: () => {
      setReceived(0);
    },
  });
  const percent = sizeBytes === 0 ? 0 : Math.floor((received / sizeBytes) * 100);
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={18} aria-hidden />}
      disabled={downloading.isPending}
      onClick={() => {
        downloading.mutate();
      }}
    >
      {downloading.isPending ? (
        <Text span inherit style={{ fontVariantNumeric: "tabular-nums" }}>
          Downloading {percent} %
        </Text>
      ) : (
        "Download"
      )}
    </Button>
  );
}
