import { type UseQueryResult, useQuery } from "@tanstack/react-query";

import type { Api } from "../../api/client";
import { body } from "../../api/client";
import { keys } from "../../api/keys";
import type { components } from "../../api/schema";
import { useApi } from "../../app/platform";

export type User = components["schemas"]["UserAnswer"];

const PAGE = 500;

/** All users, by address: they are searched and paged here. Some hundred bytes each, so thousands are fine. */
export function useEveryUser(): UseQueryResult<readonly User[]> {
  const api = useApi();
  return useQuery({ queryKey: keys.users, queryFn: () => fetchEveryUser(api) });
}

async function fetchEveryUser(api: Api): Promise<readonly User[]> {
  const users: User[] = [];
  let after: string | null | undefined;
  do {
    const query = { limit: PAGE, ...(after ? { after } : {}) };
    const page = await body(api.GET("/api/v1/admin/users", { params: { query } }));
    users.push(...page.users);
    after = page.next;
  } while (after);
  return users;
}

/** Those whose address or role has every word of `search`. */
export function searchUsers(users: readonly User[], search: string): readonly User[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0
    ? users
    : users.filter(({ email, role, disabled }) => {
        const text = `${email} ${role}${disabled ? " disabled" : ""}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
}
