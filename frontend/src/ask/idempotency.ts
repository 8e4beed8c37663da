/** Keys for requests that may be sent again: the same request has the same key, another one another. */
export class IdempotencyKeys {
  readonly #keys = new Map<string, string>();

  keyFor(request: object): string {
    const text = JSON.stringify(request);
    const known = this.#keys.get(text);
    if (known !== undefined) {
      return known;
    }
    const key = randomKey();
    this.#keys.set(text, key);
    return key;
  }
}

/** Not `crypto.randomUUID`: it is missing where the page came over plain http from another machine. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
