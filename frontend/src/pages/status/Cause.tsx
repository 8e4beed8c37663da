import { Text } from "@mantine/core";

import { DeploymentLink } from "./DeploymentLink";
import { Backticks } from "../../components/Backticks";
import type { Incident } from "../../status/types";

/** What probably caused it and what to do. */
export function Cause({ incident: { cause, deployment } }: { readonly incident: Incident }) {
  if (!cause && typeof deployment !== "number") {
    return null;
  }
  return (
    <Text size="sm" fw={600} component="div" style={{ overflowWrap: "anywhere" }}>
      {cause && <Backticks text={`${cause.charAt(0).toUpperCase()}${cause.slice(1)}`} />}
      {typeof deployment === "number" && (
        <>
          {cause && " "}
          <DeploymentLink id={deployment} />
        </>
      )}
    </Text>
  );
}
