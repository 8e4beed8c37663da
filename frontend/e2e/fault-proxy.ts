import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";

/** A cable between browser and platform that a test can pull. */
export class FaultProxy {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #broken = false;

  private constructor(to: URL) {
    this.#server = createServer((near) => {
      if (this.#broken) {
        near.resetAndDestroy();
        return;
      }
      const far = connect(Number(to.port), to.hostname);
      this.#hold(near, far);
      this.#hold(far, near);
      near.pipe(far);
      far.pipe(near);
    });
  }

  static async before(url: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resets every open connection; new ones work. */
  cut(): void {
    for (const socket of this.#open) {
      socket.resetAndDestroy();
    }
  }

  /** Resets every open connection and refuses new ones, until {@link mend}. */
  break(): void {
    this.#broken = true;
    this.cut();
  }

  mend(): void {
    this.#broken = false;
  }

  async close(): Promise<void> {
    this.break();
    await new Promise<void>((resolve) =>
      this.#server.close(() => {
        resolve();
      }),
    );
  }

  #hold(socket: Socket, other: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      this.#open.delete(socket);
      other.destroy();
    });
  }
}
