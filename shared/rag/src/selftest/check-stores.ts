import { localReading } from "@flow-rag/kernel";
import type { Embedder } from "@flow-rag/models";
import type { RedisInspection } from "@flow-rag/queue";
import type { IndexState, MongoInspection, RecordSource, VectorStore } from "@flow-rag/stores";
import { fail, ok, skipped, warn, type Check, type Finding } from "./run-selftest.js";

type SourceUnderTest = {
  readonly source: Pick<RecordSource, "count" | "changedAfter">;
  readonly inspect: (signal: AbortSignal) => Promise<MongoInspection>;
  readonly close: () => Promise<void>;
};

/** One source's records can be read, and by a user that may do no more than that. */
export const checkSource = (name: string, open: () => Promise<SourceUnderTest>): Check => ({
  name: `source ${name}`,
  hint: "check MONGO_URI (or the entry in SOURCES), the network and that the user may read the collection",
  run: async (signal) => {
    const { source, inspect, close } = await open();
    try {
      const [{ records }, count, { mayWrite, embeddedBytes }] = await Promise.all([
        source.changedAfter(undefined, 1, signal),
        source.count(signal),
        inspect(signal),
      ]);
      if (records.length === 0)
        return warn("the collection is empty, or not there", "check MONGO_DB and MONGO_COLLECTION; flow-rag sample or import fills one");
      const readable = `${count} records can be read`;
      if (embeddedBytes !== undefined) return embedded(readable, embeddedBytes);
      if (mayWrite === true)
        return warn(`${readable}, and the user may change them`, "give flow-rag a user with the role read on this database");
      return ok(mayWrite === false ? `${readable}, and nothing else` : `${readable}; the server knows no users`);
    } finally {
      await close();
    }
  },
});

/** Beyond this a start takes long, and one process that holds every index is the wrong place. */
const embeddedLimitBytes = 1024 ** 3;

function embedded(readable: string, bytes: number): Finding {
  const size = bytes < 1024 ** 2 ? "under 1 MB" : `${Math.round(bytes / 1024 ** 2)} MB`;
  const found = `${readable}; the embedded MongoDB server has ${size} on disk`;
  if (bytes <= embeddedLimitBytes) return ok(`${found} (it is for one machine and up to 1 GB)`);
  return warn(`${found}: more than it is for`, "docs/EMBEDDED-MONGODB.md: start a MongoDB server, import there, set MONGO_URI");
}

export const checkState = (tryWriting: (signal: AbortSignal) => Promise<void>): Check => ({
  name: "state",
  hint: "check STATE_MONGO_URI and STATE_DB: the user needs the role readWrite there",
  run: async (signal) => {
    await tryWriting(signal);
    return ok("a row was written, read and taken away");
  },
});

export const checkRedis = (inspect: (signal: AbortSignal) => Promise<RedisInspection>): Check => ({
  name: "redis",
  hint: "start Redis, or set REDIS_URL to one that runs",
  run: async (signal) => {
    const { version, policy, appendOnly, appendOnlyWorks, snapshots } = await inspect(signal);
    const found = `Redis ${version ?? "of unknown version"}, ${policy ?? "eviction unknown"}`;
    if (policy !== undefined && policy !== "noeviction")
      return fail(`${found}: jobs may be thrown away when memory is short`, "redis-server --maxmemory-policy noeviction");
    if (appendOnlyWorks === false) return fail(`${found}: the append-only file cannot be written`, "look at the disk of Redis");
    if (appendOnly === false && snapshots === false)
      return warn(`${found}, kept in memory only`, "redis-server --appendonly yes: else a restart loses what waits");
    if (appendOnly === false)
      return warn(`${found}, with snapshots only`, "redis-server --appendonly yes: else a crash loses the last minutes");
    return ok(appendOnly === true ? `${found}, append-only file` : found);
  },
});

const dimensions = 4;
/** A collection of its own is written, searched and dropped. */
export const checkChroma = (
  open: (signal: AbortSignal) => Promise<{ vectors: Pick<VectorStore, "upsert" | "search" | "count">; drop: () => Promise<void> }>,
): Check => ({
  name: "chroma",
  hint: "start Chroma, or set CHROMA_URL to one that runs",
  run: async (signal) => {
    const { vectors, drop } = await open(signal);
    try {
      const documents = Array.from({ length: dimensions }, (_, axis) => toDocument(axis));
      await vectors.upsert(documents, signal);
      const found = await vectors.search([0.1, 0.1, 0.98, 0.1], { limit: 1 }, signal);
      const nearest = found[0]?.meta.id;
      if (nearest !== "selftest:2")
        return fail(`the nearest of ${dimensions} vectors was not found`, "restore Chroma's volume, or flow-rag reconcile");
      return ok(`${await vectors.count(signal)} vectors were written, searched and dropped`);
    } finally {
      await drop();
    }
  },
});

const toDocument = (axis: number) => ({
  id: `selftest:${axis}`,
  values: Array.from({ length: dimensions }, (_, position) => Number(position === axis)),
  document: "self-test",
  metadata: {
    source: "selftest",
    pipeline: "selftest",
    tech: "selftest",
    status: "success" as const,
    ts: 0,
    durationMs: -1,
    signature: "",
    environment: "",
    contentHash: "",
  },
});

type EmbedderUnderTest = {
  /** The active index; undefined while there is none. */
  readonly state: IndexState | undefined;
  readonly embedder: Pick<Embedder, "fingerprint" | "embedPassages" | "embedQuery" | "close">;
  readonly reason: string;
};
/** Texts of which the first two say the same, in both languages, and the third something else; with a question about the first. */
const triples = [
  {
    question: "espace disque insuffisant",
    related: ["Espace disque insuffisant sur /data : 207 Mo libres", "Espace disque insuffisant, 12 Mo libres sur /var"],
    other: "Schema Registry answered HTTP 503",
  },
  {
    question: "connection to the database timed out",
    related: ["Connection to the database timed out after 30 s", "The database connection timed out"],
    other: "Le fichier reçu est vide",
  },
] as const;

/** The embedder is the one that the index was built with, and nearness means something. */
export const checkEmbedder = (open: (signal: AbortSignal) => Promise<EmbedderUnderTest>): Check => ({
  name: "embedder",
  hint: "check EMBEDDER and MODEL_DIR, or EMBED_API_URL and its key",
  run: async (signal) => {
    const { state, embedder, reason } = await open(signal);
    try {
      if (state && state.embedder.fingerprint !== embedder.fingerprint)
        return fail(
          `the index was built with "${state.embedder.fingerprint}", here is "${embedder.fingerprint}"`,
          `set EMBEDDER=${state.embedder.kind}, or build the index anew`,
        );
      const wrong = await findNonsense(embedder, signal);
      return wrong ?? ok(`${reason}; related texts are nearer than others, in French and English${state ? "" : "; no index yet"}`);
    } finally {
      await embedder.close();
    }
  },
});

async function findNonsense(embedder: EmbedderUnderTest["embedder"], signal: AbortSignal): Promise<Finding | undefined> {
  for (const { question, related, other } of triples) {
    const asked = await embedder.embedQuery(question, signal);
    const [first = [], second = [], away = []] = await embedder.embedPassages([...related, other], signal);
    if (first.length === 0 || ![...asked, ...first].every(Number.isFinite))
      return fail("a vector is not made of numbers", "fetch the model again");
    const near = Math.min(cosine(first, second), cosine(asked, first));
    const far = Math.max(cosine(first, away), cosine(asked, away));
    if (near <= far)
      return fail(`"${related[0]}" is no nearer to its like than to "${other}"`, "the model's files are damaged or not meant for this");
  }
  return undefined;
}

const cosine = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

type Clock = { readonly name: string; readonly read: (signal: AbortSignal) => Promise<Date | null> };
const [warnSkewMs, failSkewMs] = [2_000, 30_000];

/** Everybody's clock says the same, and the business zone is one that this machine knows. */
export const checkClock = ({ clocks, zone }: { clocks: readonly Clock[]; zone: string }): Check => ({
  name: "clock and zone",
  hint: "let NTP set the clocks of all machines",
  run: async (signal) => {
    const skews: { name: string; ms: number }[] = [];
    for (const { name, read } of clocks) {
      const before = Date.now();
      const there = await read(signal).catch(() => null);
      const here = (before + Date.now()) / 2;
      if (there) skews.push({ name, ms: Math.max(0, Math.abs(there.getTime() - here) - (Date.now() - before) / 2) });
    }
    const widest = skews.reduce((worst, skew) => (skew.ms > worst.ms ? skew : worst), { name: "none", ms: 0 });
    const local = localReading(new Date(), zone);
    const message = `it is ${local} in ${zone}; ${skews.length} clocks compared, ${Math.round(widest.ms)} ms apart at most`;
    if (skews.length === 0) return skipped(`it is ${local} in ${zone}; no other clock to compare with`);
    return bySkew(widest, message);
  },
});
const bySkew = ({ name, ms }: { name: string; ms: number }, message: string): Finding => {
  if (ms > failSkewMs) return fail(message, `the clock of ${name} is wrong, or ours: let NTP set them`);
  return ms > warnSkewMs ? warn(message, `the clock of ${name} or ours is off: let NTP set them`) : ok(message);
};
