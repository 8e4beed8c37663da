import { useQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { useAccount } from "../app/account";
import { useApi } from "../app/platform";

interface Props {
  readonly id: string;
  /** Where their name can be looked up. */
  readonly workspaceId: string;
}

/** Somebody by their e-mail address, as far as the reader may know it. */
export function Person({ id, workspaceId }: Props) {
  const api = useApi();
  const account = useAccount();
  const members = useQuery({
    queryKey: keys.members(workspaceId),
    queryFn: () => body(api.GET("/api/v1/workspaces/{id}/members", { params: { path: { id: workspaceId } } })),
    staleTime: 60_000,
  });
  if (account.id === id) {
    return "you";
  }
  const member = members.data?.members.find(({ user_id }) => user_id === id);
  return member?.email ?? (members.isPending ? "…" : "somebody who left");
}
