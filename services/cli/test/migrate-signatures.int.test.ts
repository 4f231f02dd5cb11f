import { createSignatureGroups, maskVersion, shareSignatureGroups } from "@flow-rag/insights";
import { createIndexedRuns, createRunFacts, createRunStore, createSignatureJoins, createSignatureStore } from "@flow-rag/stores";
import { createHarness, sampleRun, type Harness } from "@flow-rag/testing";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { moveRuns, planMigration, storeGroups, type MigrationDeps } from "../src/domain/migrate-signatures.js";
import { environmentOf, flowRag } from "./command-line.js";

jest.setTimeout(120_000);

const signal = new AbortController().signal;
const people = ["alice", "bernard", "chloe", "dimitri", "elsa"];
/** As the former rules had it: two errors under one id, and five ids of one error. */
const stored: readonly (readonly [id: string, error: string])[] = [
  ...Array.from({ length: 6 }, (_, n) => ["sig-link", n % 2 ? `Link ${n} has been reset` : `Link ${n} has been severed`] as const),
  ...people.map((name) => [`sig-${name}`, `invalid user ${name} from the gate`] as const),
  ["sig-disk", "disk full"],
];
let world: Harness;
let dir: string;
beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), "flow-rag-cli-"))));
afterAll(() => rm(dir, { recursive: true }));
beforeEach(async () => {
  world = await createHarness();
  const runs = stored.map(([signature, error], index) =>
    sampleRun(`r${index}`, { pipeline: `p${index % 2}`, status: "failed", error, signature, ts: new Date(Date.UTC(2026, 4, 1, index)) }),
  );
  await createRunStore(world.state).upsert(runs);
  await createSignatureStore(world.state).note(
    runs.map(({ signature, error, pipeline, tech, ts }) => ({
      ...{ signature: signature ?? "", template: "former <*>", example: error ?? "", pipeline, tech, at: ts },
    })),
  );
});
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

function openDeps(signatures: MigrationDeps["signatures"] = createSignatureStore(world.state)): MigrationDeps {
  const { state } = world;
  return {
    indexed: createIndexedRuns(state),
    runs: createRunStore(state),
    signatures,
    joins: createSignatureJoins(state),
    tree: maskVersion,
  };
}
async function migrate(deps: MigrationDeps): Promise<void> {
  const plan = await planMigration(deps, signal);
  await storeGroups(deps, plan, signal);
  await moveRuns(deps, plan, signal);
}
/** By id: its template, and how many runs are of it. */
async function told() {
  const kinds = await createRunFacts(world.state).errorKinds({}, signal);
  const known = await createSignatureStore(world.state).read(
    kinds.map(({ signature }) => signature),
    signal,
  );
  return Object.fromEntries(kinds.map(({ signature, count }) => [known.get(signature)?.template ?? "?", [signature, count]]));
}
const right = {
  "Link <num> has been severed": ["sig-link", 3],
  "Link <num> has been reset": [expect.stringMatching(/^sig-[0-9a-f]{12}$/), 3],
  "invalid user <*> from the gate": ["sig-alice", 5],
  "disk full": ["sig-disk", 1],
};
const everything = async () =>
  Object.fromEntries(
    await Promise.all(
      ["runs", "signatures", "signature_changes", "signature_texts"].map(
        async (name) => [name, await world.state.collection(name).find({}).sort({ _id: 1 }).toArray()] as const,
      ),
    ),
  );

test("flow-rag signatures migrate, with --dry-run first and twice after, says what splits and joins, writes nothing, then does it once", async () => {
  const run = (...args: string[]) => flowRag(["signatures", "migrate", ...args], environmentOf(world), { cwd: dir });
  const before = await everything();
  const dry = await run("--dry-run");
  expect([dry.code, dry.stdout]).toEqual([
    0,
    expect.stringMatching(/sig-link is 2 signatures:[\s\S]*sig-alice, sig-bernard.* are one signature:[\s\S]*nothing was written/),
  ]);
  expect(await everything()).toEqual(before);

  const done = JSON.parse((await run("--json")).stdout) as Record<string, unknown>;
  expect(done).toMatchObject({ dryRun: false, signatures: 4, moved: 3, splits: [{ id: "sig-link" }], joins: [{ id: "sig-alice" }] });
  expect(await told()).toEqual(right);
  const after = await everything();
  expect(JSON.parse((await run("--json")).stdout)).toMatchObject({ splits: [], joins: [], moved: 0 });
  expect(await everything()).toEqual(after);
  const [link] = [...(await createSignatureStore(world.state).read(["sig-link"], signal)).values()];
  expect(link).toMatchObject({ pipelines: ["p0"], lastSeen: new Date(Date.UTC(2026, 4, 1, 4)) });
});

test("migration, stopped at any of its writes and begun again, ends where it would have ended", async () => {
  const writes = ["append", "rememberTexts", "restate", "retitle"] as const;
  for (const stop of writes) {
    for (const wrote of [false, true]) {
      const store = createSignatureStore(world.state);
      const at = async <T>(name: (typeof writes)[number], write: () => Promise<T>): Promise<T> => {
        if (name !== stop) return await write();
        if (wrote) await write();
        throw new Error("killed");
      };
      const stopping: MigrationDeps["signatures"] = {
        ...store,
        append: (...given) => at("append", () => store.append(...given)),
        rememberTexts: (...given) => at("rememberTexts", () => store.rememberTexts(...given)),
        restate: (...given) => at("restate", () => store.restate(...given)),
        retitle: (...given) => at("retitle", () => store.retitle(...given)),
      };
      await migrate(openDeps(stopping)).catch((error: unknown) => expect(error).toEqual(new Error("killed")));
    }
  }
  await migrate(openDeps());
  expect(await told()).toEqual(right);
});

test("migration, while workers learn the same texts, leads what they were given to the older ids", async () => {
  const deps = openDeps();
  const learn = async (turn: number): Promise<void> => {
    const shared = shareSignatureGroups(createSignatureStore(world.state), maskVersion);
    for (const [index, [, error]] of stored.entries())
      if (index % 3 === turn)
        await shared.change((groups) => groups.place({ tokens: error.replace(/\d/g, "<num>").split(" "), anchor: "" }, () => `sig-live${index}`), signal); // prettier-ignore
  };
  const plan = await planMigration(deps, signal);
  await learn(0);
  await Promise.all([storeGroups(deps, plan, signal), learn(1), learn(2)]);
  await moveRuns(deps, plan, signal);
  expect(await told()).toEqual(right);
  const groups = createSignatureGroups();
  for (const step of await deps.signatures.stepsAfter(maskVersion, 0, signal)) groups.apply(step);
  expect(groups.resolve(groups.place({ tokens: "invalid user zoe from the gate".split(" "), anchor: "" }, () => "sig-none"))).toBe(
    "sig-alice",
  );
});
