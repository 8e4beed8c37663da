import type { components } from "../api/schema";

type Reason = components["schemas"]["Reason"];

interface Words {
  readonly title: string;
  readonly advice: string;
  /** Whether the same question again may succeed. */
  readonly retry: boolean;
}

/** What a reason means and what to do: the detail beside it says what exactly was wrong. */
const REASONS: Record<Reason, Words> = {
  user_error: {
    title: "This question has no answer in these data",
    advice:
      "Change the question or the data: trying the same again ends the same. Clone it to begin from what you asked.",
    retry: false,
  },
  timeout: {
    title: "It took longer than it may",
    advice:
      "Ask for less: fewer estimators, simulations, covariates or rows. On a busy machine trying again may be enough.",
    retry: true,
  },
  oom: {
    title: "It needed more memory than it may use",
    advice: "Ask for less: fewer covariates, estimators or rows; or have an admin raise the memory of workers.",
    retry: false,
  },
  crash: {
    title: "Its process died",
    advice: "It was tried three times. Try again once; if it dies again, tell whoever runs the platform.",
    retry: true,
  },
  stuck: {
    title: "It made no progress any more",
    advice: "Try again; if it gets stuck again, ask for less, and tell whoever runs the platform.",
    retry: true,
  },
  unavailable: {
    title: "A part of the platform was away",
    advice: "Nothing is wrong with your question. Try again.",
    retry: true,
  },
  internal: {
    title: "Something in the platform is broken",
    advice: "Nothing is wrong with your question. Give the id in the message to whoever runs the platform.",
    retry: true,
  },
  lease_expired: {
    title: "Its worker vanished",
    advice: "Nothing is wrong with your question. Try again.",
    retry: true,
  },
  handed_back: {
    title: "Its worker was shut down and handed it back",
    advice: "Nothing is wrong with your question. Try again.",
    retry: true,
  },
  cancelled: {
    title: "It was cancelled",
    advice: "Try again when you want the answer after all.",
    retry: true,
  },
};

export function failureWords(reason: string): Words {
  return (
    (REASONS as Record<string, Words | undefined>)[reason] ?? {
      title: "It ended without a result",
      advice: "Try again, or tell whoever runs the platform.",
      retry: true,
    }
  );
}
