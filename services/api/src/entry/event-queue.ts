/** Hands on what is pushed while it is read, in order; ends once `end` was called and all is read. For one reader. */
export function createEventQueue<T>() {
  const waiting: T[] = [];
  let ended = false;
  let wake = (): void => undefined;
  return {
    push(this: void, item: T): void {
      waiting.push(item);
      wake();
    },
    end(this: void): void {
      ended = true;
      wake();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<T> {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift() as T;
        if (ended) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
