import { Facts } from "../../components/Facts";
import { Section } from "../../components/Section";
import { formatCount } from "../../format";
import type { Deploys } from "../../status/types";
import { lasting, uptimeWords } from "../../status/words";

/** How the releases of the last 30 days went. */
export function Releases({
  deploys: { ended, live, success_share: share, median_s: median },
}: {
  readonly deploys: Deploys;
}) {
  return (
    <Section title="Releases" about="Those of the last 30 days that ended.">
      <Facts
        facts={[
          [
            "Went live",
            typeof share === "number"
              ? `${uptimeWords(share)}: ${formatCount(live)} of ${formatCount(ended)}`
              : "none has ended yet",
          ],
          ["Until live, usually", typeof median === "number" ? lasting(median) : "not known yet"],
        ]}
      />
    </Section>
  );
}
