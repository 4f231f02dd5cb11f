import { embeddedText } from "@flow-rag/insights";
import type { IndexedRun } from "@flow-rag/stores";
import { sampleRun } from "@flow-rag/testing";
import { measureRecall } from "./measure-recall.js";
import type { ReindexDeps } from "./reindex-deps.js";

const signal = new AbortController().signal;
const run = (id: string, contentHash = "h"): IndexedRun => ({
  ...sampleRun(id, { pipeline: `pipeline-${id}`, contentHash }),
  id: `flows:${id}`,
});

type World = { runs: Map<string, IndexedRun>; documents: Map<string, IndexedRun>; onSearch: () => void };

/** Vectors are numbers of texts; a search finds the one document of that very text. */
function depsOf({ runs, documents, onSearch }: World): ReindexDeps {
  const texts: string[] = [];
  const vectorOf = (text: string): number[] => [texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1];
  return {
    runs: {
      page: async () => [...runs.values()],
      byIds: async (ids) => ids.flatMap((id) => runs.get(id) ?? []),
      count: async () => runs.size,
      adopt: async () => undefined,
    },
    vectors: {
      versions: async (ids) =>
        new Map(ids.flatMap((id) => (documents.has(id) ? [[id, documents.get(id)?.contentHash ?? ""] as const] : []))),
      search: async ([wanted]) => {
        onSearch();
        const found = [...documents.values()].filter((document) => embeddedText(document) === texts[wanted ?? -1]);
        return found.map(({ id }) => ({ content: "", meta: { id, signature: null } })) as never;
      },
      upsert: async () => undefined,
      remove: async () => undefined,
      ids: async () => [],
      count: async () => documents.size,
    },
    signatureIndex: { upsert: async () => undefined, templates: async () => new Map() },
    signatures: { assign: async () => [], note: async () => undefined, read: async () => new Map() },
    embedder: { embedPassages: async (given) => given.map(vectorOf), embedQuery: async (text) => vectorOf(text) },
    fingerprint: "new",
    zone: "UTC",
    states: { read: async () => undefined, switchOver: async () => true },
    sources: new Map(),
    embedAgain: async () => undefined,
    onProgress: () => undefined,
  };
}
const worldOf = (...runs: IndexedRun[]): World => {
  const byId = () => new Map(runs.map((one) => [one.id, one]));
  return { runs: byId(), documents: byId(), onSearch: () => undefined };
};

test("measureRecall, every document finds its own text, counts all of them", async () => {
  expect(await measureRecall(depsOf(worldOf(run("a"), run("b"))), signal)).toEqual({ asked: 2, asPassages: 2, asQuestions: 2 });
});

test("measureRecall, a document has another's vector, counts what was not found", async () => {
  const world = worldOf(run("a"), run("b"));
  const deps = depsOf(world);
  deps.vectors.search = async () => [];
  expect(await measureRecall(deps, signal)).toEqual({ asked: 2, asPassages: 0, asQuestions: 0 });
});

test("measureRecall, runs that ingestion added or changed since the index was filled, are left out", async () => {
  const world = worldOf(run("a"), run("b"));
  world.runs.set("flows:c", run("c"));
  world.runs.set("flows:b", { ...run("b", "h2"), pipeline: "renamed" });
  expect(await measureRecall(depsOf(world), signal)).toEqual({ asked: 1, asPassages: 1, asQuestions: 1 });
});

test("measureRecall, a run that changes while it is asked, is left out", async () => {
  const world = worldOf(run("a"), run("b"));
  world.onSearch = () => world.runs.set("flows:b", { ...run("b", "h2"), pipeline: "renamed" });
  expect(await measureRecall(depsOf(world), signal)).toEqual({ asked: 1, asPassages: 1, asQuestions: 1 });
});
