import { Button, Group, NativeSelect, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { useApi } from "../app/platform";
import { Problem } from "../components/Problem";
import { SecretLink } from "../components/SecretLink";
import { DEFAULT_DAYS, EXPIRIES, seconds } from "./expiries";

/** Makes a link, and shows it this once. */
export function MakeShare({ analysisId }: { readonly analysisId: string }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const [days, setDays] = useState<number>(DEFAULT_DAYS);
  const make = useMutation({
    mutationFn: () =>
      body(
        api.POST("/api/v1/analyses/{id}/shares", {
          params: { path: { id: analysisId } },
          body: { expires_in_s: seconds(days) },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.analysisShares(analysisId) }),
  });
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label="The link works for"
          data={EXPIRIES.map(({ days: value, label }) => ({ value: String(value), label }))}
          value={String(days)}
          onChange={(event) => {
            setDays(Number(event.currentTarget.value));
          }}
        />
        <Button
          loading={make.isPending}
          onClick={() => {
            make.mutate();
          }}
        >
          Make a link
        </Button>
      </Group>
      {make.isError && <Problem error={make.error} title="No link was made" />}
      {make.data && (
        <SecretLink
          key={make.data.share.id}
          url={make.data.url}
          expiresAt={make.data.share.expires_at}
          words="Whoever has it can read this analysis, until you revoke it."
        />
      )}
    </Stack>
  );
}
