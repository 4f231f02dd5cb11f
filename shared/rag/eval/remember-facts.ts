import type { RunFacts } from "@flow-rag/stores";

type Read = (...args: readonly unknown[]) => Promise<unknown>;

/** Facts over runs that do not change while they are asked about: the same read is made once, however many texts are checked against it. */
export function rememberFacts(runs: RunFacts, known = new Map<string, Promise<unknown>>(), limits = ""): RunFacts {
  return new Proxy(runs, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (name === "limitedTo")
        return (limit: Parameters<RunFacts["limitedTo"]>[0]) =>
          rememberFacts(target.limitedTo(limit), known, limits + JSON.stringify(limit));
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        const key = `${String(name)} ${limits} ${JSON.stringify(args.filter((each) => !(each instanceof AbortSignal)))}`;
        const read = known.get(key) ?? (value as Read).apply(target, [...args]);
        known.set(key, read);
        return read;
      };
    },
  });
}
