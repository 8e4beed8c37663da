import { Text } from "@mantine/core";

import classes from "./status.module.css";
import type { Uptime } from "../../status/types";
import { PERIODS, uptimeWords } from "../../status/words";

/** The share of time without a failure, over four periods. */
export function Uptimes({ uptime }: { readonly uptime: Uptime }) {
  return (
    <dl className={classes["uptimes"]}>
      {PERIODS.map(([key, short, long]) => (
        <div key={key} title={`Up ${uptimeWords(uptime[key])} of ${long}`}>
          <Text component="dt" size="xs" c="dimmed">
            {short}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {uptimeWords(uptime[key])}
          </Text>
        </div>
      ))}
    </dl>
  );
}
