import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listens, until } from "./processes.js";

jest.setTimeout(60_000);

const bin = fileURLToPath(new URL("../bin/flow-rag-local.mjs", import.meta.url));
const given = { TEST_REDIS_URL: "given:redis", TEST_CHROMA_URL: "given:chroma", TEST_MONGO_URI: "" };
const print = "console.log(JSON.stringify(process.env))";
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-bin-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

function run(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: dir, env: { ...process.env, TMPDIR: dir, ...given } });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "exit").then(([code]) => ({ code: code as number, output }));
  return { child, ended, output: () => output };
}
const environment = (output: string) => JSON.parse(output.slice(output.lastIndexOf("\n{") + 1)) as Record<string, string>;

test("flow-rag-local, a command, sees what was started and what was given, and its exit code comes back", async () => {
  const { code, output } = await run("--", process.execPath, "-e", `${print}; process.exitCode = 7`).ended;
  const seen = environment(output);
  expect([code, seen["TEST_REDIS_URL"], seen["TEST_CHROMA_URL"]]).toEqual([7, "given:redis", "given:chroma"]);
  expect(seen["TEST_MONGO_URI"]).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+$/);
  expect(await listens(seen["TEST_MONGO_URI"] ?? "")).toBe(false);
});

test("flow-rag-local, --dir, keeps the data there", async () => {
  const { code } = await run("--dir", join(dir, "kept"), "--", process.execPath, "-e", "0").ended;
  expect([code, existsSync(join(dir, "kept", "mongo", "documents.log"))]).toEqual([0, true]);
});

test("flow-rag-local, without --dir, leaves no folder behind", async () => {
  await run("--", process.execPath, "-e", `require("fs").writeFileSync("seen", require("fs").readdirSync(process.env.TMPDIR).join())`)
    .ended;
  const [folder = ""] = (await readFile(join(dir, "seen"), "utf8")).split(",").filter((name) => name.startsWith("flow-rag-local-"));
  expect([folder !== "", existsSync(join(dir, folder))]).toEqual([true, false]);
});

test("flow-rag-local, a signal, reaches the command and the services stop", async () => {
  const script = `process.on("SIGTERM", () => process.exit(9)); ${print}; setInterval(() => {}, 1000)`;
  const { child, ended, output } = run("--", process.execPath, "-e", script);
  await until(() => output().includes("TEST_MONGO_URI"));
  child.kill("SIGTERM");
  expect((await ended).code).toBe(9);
  expect(await listens(environment(output())["TEST_MONGO_URI"] ?? "")).toBe(false);
});

test.each([[[]], [["--dir"]], [["--nope", "--", "true"]]])("flow-rag-local, wrong arguments %j, explains itself", async (args) => {
  expect((await run(...args).ended).code).toBe(2);
});

test("flow-rag-local, a command that does not exist, is exit code 1", async () => {
  expect((await run("--", "no-such-command-here").ended).code).toBe(1);
});
