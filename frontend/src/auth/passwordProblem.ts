import { AuthError, isAuthRetryableFetchError } from "@supabase/auth-js";

import { ApiProblem, isTemporary } from "../api/problem";

/** Why a password was not set, in words. */
export function passwordProblem(error: unknown): string {
  const told = error instanceof Error ? error.message : "Try again.";
  if (isAuthRetryableFetchError(error) || isTemporary(error)) {
    return isLimited(error)
      ? "Too many attempts. Wait a little, then try again."
      : "The platform does not answer. Try again in a moment.";
  }
  switch (code(error)) {
    case "weak_password":
      return sentence(told);
    case "same_password":
      return "This is the password you have. Choose another.";
    case "invalid_credentials":
    case "current_password_invalid":
      return "The current password is wrong.";
    case "reauthentication_needed":
    case "current_password_required":
      return "Type your current password too: you signed in more than 15 minutes ago.";
    case "otp_expired":
      return "This link was used already, has expired, or was replaced by a newer one. Ask an admin for another.";
    case "over_request_rate_limit":
      return "Too many attempts. Wait a little, then try again.";
    default:
      return sentence(told);
  }
}

/** Whether a one-time link can never work again. */
export function isLinkOver(error: unknown): boolean {
  return code(error) === "otp_expired";
}

function isLimited(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 429;
}

/** Supabase's word for it, in either of its shapes. */
function code(error: unknown): string | undefined {
  if (error instanceof AuthError) {
    return error.code;
  }
  if (error instanceof ApiProblem && "error_code" in error.body) {
    return String(error.body.error_code);
  }
  return undefined;
}

function sentence(told: string): string {
  const text = told.charAt(0).toUpperCase() + told.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
