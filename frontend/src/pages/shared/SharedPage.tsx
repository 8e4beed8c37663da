import { useArrival } from "../../auth/useArrival";
import { NoSuchLink } from "./NoSuchLink";
import { SharedAnalysis } from "./SharedAnalysis";

/** What a link to one analysis shows to whoever has it: read-only, signed in or not. */
export function SharedPage() {
  const arrival = useArrival();
  return arrival.kind === "token" && arrival.path === "/shared" ? (
    <SharedAnalysis token={arrival.token} key={arrival.token} />
  ) : (
    <NoSuchLink />
  );
}
