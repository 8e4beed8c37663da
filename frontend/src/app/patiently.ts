const RETRY_MS = 2000;

export interface Parts {
  /** Whether the platform answers at all. */
  readonly isAnswering: () => Promise<boolean>;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Loads a page's code, however long the platform is away: the page that is open stays open meanwhile, with all that was
 * typed into it. Where the platform answers and the code is not there, a newer build has replaced it: that is thrown.
 */
export async function patiently<T>(load: () => Promise<T>, parts: Parts = browserParts): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      if (await parts.isAnswering()) {
        return load();
      }
      await parts.pause(RETRY_MS);
    }
  }
}

const browserParts: Parts = {
  isAnswering: () =>
    fetch("/config.json", { cache: "no-store" }).then(
      ({ ok }) => ok,
      () => false,
    ),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
