import { body } from "../../api/client";
import { usePlatform } from "../../app/platform";
import { ChoosePassword } from "./ChoosePassword";

/** A one-time link of this platform: password and session in one step. */
export function AcceptLocalLink({ token }: { readonly token: string }) {
  const { api, session } = usePlatform();
  const accept = async (password: string) => {
    const { access_token, refresh_token } = await body(api.POST("/auth/v1/link/accept", { body: { token, password } }));
    const { error } = await session.auth.setSession({ access_token, refresh_token });
    if (error) {
      throw error;
    }
  };
  return <ChoosePassword ownRules onChosen={accept} />;
}
