import { useMutation, useQueryClient } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import type { components } from "../../api/schema";
import { useApi } from "../../app/platform";
import { confirm } from "../../components/confirm";
import { notifyDone, notifyProblem } from "../../components/notify";
import type { User } from "./everyUser";
import { PLATFORM_ROLES, type PlatformRole } from "./roles";

type Change = components["schemas"]["AdminUserChange"];

/** What an admin may do about one person; asks first where something ends by it. */
export function useUserActions(user: User) {
  const api = useApi();
  const queryClient = useQueryClient();
  const params = { path: { id: user.id } };
  const forget = () => queryClient.invalidateQueries({ queryKey: keys.users });

  const change = useMutation({
    mutationFn: (wanted: Change) => body(api.PATCH("/api/v1/admin/users/{id}", { params, body: wanted })),
    onSuccess: async (now) => {
      await forget();
      notifyDone(
        now.disabled
          ? `${now.email} can no longer sign in.`
          : `${now.email} can sign in, as ${PLATFORM_ROLES[now.role].label.toLowerCase()}.`,
      );
    },
    onError: (error) => {
      notifyProblem("Nothing was changed", error);
    },
  });
  const link = useMutation({
    mutationFn: () => body(api.POST("/api/v1/admin/users/{id}/link", { params })),
    onError: (error) => {
      notifyProblem("No link was made", error);
    },
  });

  return {
    change: {
      isPending: change.isPending,
      askRole: async (role: PlatformRole) => {
        const { label, means } = PLATFORM_ROLES[role];
        const words = `${label}: ${means}. Their sessions end; they sign in again with the new role.`;
        if (await confirm({ title: `Make ${user.email} ${article(label)}?`, words, verb: "Change the role" })) {
          change.mutate({ role });
        }
      },
      askDisabled: async (disabled: boolean) => {
        const words = "They are signed out everywhere and cannot sign in. What they made stays. You can undo this.";
        const question = { title: `Disable ${user.email}?`, words, verb: "Disable", danger: true };
        if (!disabled || (await confirm(question))) {
          change.mutate({ disabled });
        }
      },
    },
    link: {
      isPending: link.isPending,
      data: link.data,
      reset: link.reset,
      ask: async () => {
        const words =
          "Links that were made for them earlier stop working. Their present password works until it is set anew.";
        if (await confirm({ title: `A new link for ${user.email}?`, words, verb: "Make the link" })) {
          link.mutate();
        }
      },
    },
  };
}

function article(label: string): string {
  return `${/^[AEIO]/.test(label) ? "an" : "a"} ${label.toLowerCase()}`;
}
