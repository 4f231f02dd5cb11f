import { createKeyStore } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { tmpdir } from "node:os";
import { environmentOf, flowRag, killRunning } from "./command-line.js";

jest.setTimeout(120_000);

const signal = AbortSignal.timeout(120_000);
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
});
const run = (...args: string[]) => flowRag(["keys", ...args], environmentOf(world), { cwd: tmpdir() });

test("flow-rag keys, from create to revoke, prints each key once and keeps its digest", async () => {
  const created = await run("create", "--name", "ops", "--scopes", "query,admin", "--expires", "90d");
  const secret = created.stdout.trim();
  expect([created.code, secret]).toEqual([0, expect.stringMatching(/^frag_[0-9a-f]{16}_[\w-]{43}$/)]);
  const keys = createKeyStore(world.state);
  const key = await keys.authenticate(secret, new Date(), signal);
  expect(key).toMatchObject({ name: "ops", scopes: ["query", "admin"], sources: null });

  const rotated = await run("rotate", key?.id ?? "", "--grace", "1h", "--json");
  const next = (JSON.parse(rotated.stdout) as { key: string }).key;
  expect([await keys.authenticate(secret, new Date(), signal), await keys.authenticate(next, new Date(), signal)]).toEqual([
    expect.objectContaining({ name: "ops" }),
    expect.objectContaining({ name: "ops", owner: key?.owner }),
  ]);
  const later = new Date(Date.now() + 2 * 3_600_000);
  expect(await keys.authenticate(secret, later, signal)).toBeUndefined();

  const listed = await run("list");
  expect([
    listed.code,
    listed.stdout.trim().split("\n").length,
    listed.stdout.includes(secret.slice("frag_0123456789abcdef_".length)),
  ]).toEqual([0, 2, false]);
  expect((await run("revoke", key?.id ?? "")).code).toBe(0);
  expect(await keys.authenticate(secret, new Date(), signal)).toBeUndefined();
  expect((await run("revoke", key?.id ?? "")).code).toBe(1);
});

test.each([
  ["an unknown scope", ["create", "--name", "x", "--scopes", "root"]],
  ["an unknown source", ["create", "--name", "x", "--scopes", "query", "--sources", "nowhere"]],
  ["an end in the past", ["create", "--name", "x", "--scopes", "query", "--expires", "2020-01-01"]],
  ["no name", ["create", "--scopes", "query"]],
])("flow-rag keys, %s, is wrong usage: exit code 2 and no key", async (_situation, args) => {
  const { code, stdout } = await run(...args);
  expect([code, stdout, await createKeyStore(world.state).list(signal)]).toEqual([2, "", []]);
});
