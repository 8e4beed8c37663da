/** The platform's own rules for passwords, told before it has to refuse one. It has the last word. */

export const MIN_LENGTH = 10;
export const MAX_LENGTH = 200;
const MIN_DIFFERENT = 4;

/** The rules in words. */
export const RULES: readonly string[] = [
  `${MIN_LENGTH} to ${MAX_LENGTH} characters: a sentence is easier to keep than a riddle`,
  "not the same few characters over and over",
  "not your e-mail address, and none that everybody tries first",
];

/** What is wrong with a new password, as far as this can be told here; nothing when it may do. */
export function passwordFault(password: string, email = ""): string | null {
  const characters = Array.from(password);
  const lower = password.toLowerCase();
  if (characters.length < MIN_LENGTH) {
    return `Use at least ${MIN_LENGTH} characters`;
  }
  if (characters.length > MAX_LENGTH) {
    return `Use at most ${MAX_LENGTH} characters`;
  }
  if (new Set(Array.from(lower)).size < MIN_DIFFERENT) {
    return "It repeats the same few characters; use more different ones";
  }
  if (email !== "" && (lower === email.toLowerCase() || lower === email.toLowerCase().split("@")[0])) {
    return "Your own address is what is tried first; use another";
  }
  return null;
}
