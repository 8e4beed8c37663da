import { Empty } from "../../components/Empty";
import { Page } from "../../components/Page";
import { SharedFrame } from "./SharedFrame";

/** An unknown, an expired and a revoked link, and none at all: which of them is not told. */
export function NoSuchLink() {
  return (
    <SharedFrame about="Shared analysis">
      <Page title="This link does not work">
        <Empty title="It shows nothing, or nothing any more">
          It may have expired, have been revoked, or not be whole: it should end with <code>#token=…</code>. Ask whoever
          gave it to you for another.
        </Empty>
      </Page>
    </SharedFrame>
  );
}
