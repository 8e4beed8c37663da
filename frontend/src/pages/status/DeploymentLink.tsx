import { LinkAnchor } from "../../components/links";
import { useStatusPlace } from "../../status/place";

/** A release by its number; led to where its page is there for the reader. */
export function DeploymentLink({ id }: { readonly id: number }) {
  const { deployments } = useStatusPlace();
  return deployments ? (
    <LinkAnchor to="/deployments/$id" params={{ id: String(id) }} inherit underline="always">
      Deployment #{id}
    </LinkAnchor>
  ) : (
    <>Deployment #{id}</>
  );
}
