import type { components } from "../../api/schema";

type Member = components["schemas"]["MemberAnswer"];

/** Whether nobody else could manage the workspace: this member can neither leave nor get another role. */
export function isLastOwner(members: readonly Member[], userId: string): boolean {
  const owners = members.filter(({ role }) => role === "owner");
  return owners.length === 1 && owners[0]?.user_id === userId;
}
