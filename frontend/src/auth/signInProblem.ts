import { AuthError, isAuthRetryableFetchError } from "@supabase/auth-js";

/** Why signing in did not work, in words. */
export function signInProblem(error: unknown): string {
  if (!(error instanceof AuthError) || (isAuthRetryableFetchError(error) && error.status === 0)) {
    return "The platform cannot be reached. Check your network and try again.";
  }
  if (isAuthRetryableFetchError(error)) {
    return "The platform does not answer. Try again in a moment.";
  }
  switch (error.code) {
    case "invalid_credentials":
      return "The e-mail address or the password is wrong.";
    case "user_banned":
      return "This account is disabled. Ask an admin.";
    case "email_not_confirmed":
      return "This address is not confirmed yet. Open the link in the message that you got.";
    case "otp_expired":
      return "This link was used already, has expired, or was replaced by a newer one.";
    case "over_request_rate_limit":
    case "over_email_send_rate_limit":
      return "Too many attempts. Wait a little, then try again.";
    default:
      return error.message;
  }
}
