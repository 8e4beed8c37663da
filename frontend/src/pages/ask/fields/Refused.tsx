import { Text } from "@mantine/core";

import type { Offer } from "../../../ask/columns";
import classes from "./fields.module.css";

/** Which columns cannot serve and why: for those who pass the list by keyboard, which skips them. */
export function Refused({ offers }: { readonly offers: readonly Offer[] }) {
  const refused = offers.filter(({ refusal, isTaken }) => refusal !== undefined && !isTaken);
  if (refused.length === 0) {
    return null;
  }
  return (
    <Text size="xs" c="dimmed" component="details" mt={2} className={classes["refused"] ?? ""}>
      <summary>{refused.length === 1 ? "1 column cannot serve" : `${refused.length} columns cannot serve`}</summary>
      <ul>
        {refused.map(({ column, refusal }) => (
          <li key={column.name}>
            {column.name}: {refusal}
          </li>
        ))}
      </ul>
    </Text>
  );
}
