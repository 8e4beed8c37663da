import { useMemo } from "react";

import { Legend } from "./Legend";
import { NotSetUp } from "./NotSetUp";
import { PartRow } from "./PartRow";
import classes from "./status.module.css";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { HISTORY_DAYS, useHistory } from "../../status/queries";
import type { Part } from "../../status/types";
import { titlesOf } from "../../status/words";

/** Every part: how it stands, its last 90 days, and how much of the time it was up. */
export function Parts({ parts }: { readonly parts: readonly Part[] }) {
  const history = useHistory();
  const days = useMemo(() => new Map(history.data?.parts.map((part) => [part.id, part.days])), [history.data]);
  const titleOf = titlesOf(parts);
  const notSetUp = parts.filter(({ state }) => state === "not_configured");
  return (
    <Section
      title="Parts"
      about={`The last ${HISTORY_DAYS} days, each a bar (in UTC), and the share of time without a failure.`}
      actions={<Legend />}
    >
      {history.isError && !history.data && (
        <Problem error={history.error} title="The last days are not known now" onRetry={() => void history.refetch()} />
      )}
      <ul className={classes["parts"]}>
        {parts
          .filter(({ state }) => state !== "not_configured")
          .map((part) => (
            <PartRow key={part.id} part={part} days={days.get(part.id)} titleOf={titleOf} />
          ))}
      </ul>
      {notSetUp.length > 0 && <NotSetUp parts={notSetUp} />}
    </Section>
  );
}
