import { realFiles, type LogFiles } from "../src/embedded-mongo/log-files.js";

type Fault = "write" | "sync" | "truncate";

/** The real disk, until it is told to fail: the n-th write from then on is cut short and fails, as on a full disk. */
export class FailingFiles implements LogFiles {
  #writesLeft = Infinity;
  #isFull = false;
  readonly failing = new Set<Fault>();
  failures = 0;

  /** The disk is full in the middle of the n-th write from now (0: the next), and stays full until `free`. */
  fillAfter(writes: number): void {
    this.#writesLeft = writes;
  }

  free(): void {
    [this.#writesLeft, this.#isFull] = [Infinity, false];
    this.failing.clear();
  }

  write(file: number, data: Uint8Array, position: number): number {
    if (this.failing.has("write")) throw this.#failure("EIO");
    if (this.#isFull) throw this.#failure("ENOSPC");
    if (this.#writesLeft-- > 0) return realFiles.write(file, data, position);
    this.#isFull = true;
    return realFiles.write(file, data.subarray(0, data.length >> 1), position); // the rest finds the disk full
  }

  truncate(file: number, length: number): void {
    if (this.failing.has("truncate")) throw this.#failure("EIO");
    realFiles.truncate(file, length);
  }

  async sync(file: number): Promise<void> {
    if (this.failing.has("sync")) throw this.#failure("EIO");
    await realFiles.sync(file);
  }

  syncNow(file: number): void {
    if (this.failing.has("sync")) throw this.#failure("EIO");
    realFiles.syncNow(file);
  }

  #failure(code: "ENOSPC" | "EIO"): Error {
    this.failures++;
    return Object.assign(new Error(`${code}: injected`), { code });
  }
}
