import { AuthError } from "@supabase/auth-js";

/** Why signing in did not work, in words. */
export function signInProblem(error: unknown): string {
  if (!(error instanceof AuthError)) {
    return "The platform cannot be reached. Check your network and try again.";
  }
  switch (error.code) {
    case "invalid_credentials":
      return "The e-mail address or the password is wrong.";
    case "user_banned":
      return "This account is disabled. Ask an admin.";
    case "over_request_rate_limit":
      return "Too many attempts. Wait a little, then try again.";
    default:
      return error.status === undefined || error.status === 0 || error.status >= 502
        ? "The platform does not answer. Try again in a moment."
        : error.message;
  }
}
