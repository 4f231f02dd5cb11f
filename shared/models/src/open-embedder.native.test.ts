import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { createLogger } from "@flow-rag/kernel";
import { bertGraph } from "../test/bert-graph.js";
import { nodeArgs } from "../test/node-args.js";
import { tinyE5Files, tinyShape, writeTinyE5 } from "../test/tiny-e5.js";
import { saySilence, serveFiles, startHub, type TinyHub } from "../test/tiny-hub.js";
import type { DownloadProgress, EmbedderConfig } from "./embedder.js";
import { openEmbedder } from "./open-embedder.js";

const { signal } = new AbortController();
const log = createLogger("test", "silent");
const hubId = "Xenova/multilingual-e5-small";
const files = tinyE5Files();
const q8Names = ["config.json", "tokenizer_config.json", "tokenizer.json", "onnx/model_quantized.onnx"];

let modelDir: string;
let hub: TinyHub | undefined;
beforeEach(async () => {
  modelDir = await mkdtemp(join(tmpdir(), "flow-rag-models-"));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  await rm(modelDir, { recursive: true });
});

const configOf = (changes: Partial<EmbedderConfig>): EmbedderConfig => ({
  kind: "auto",
  model: "intfloat/multilingual-e5-small",
  modelDir,
  dtype: "q8",
  offline: false,
  hubUrl: hub?.url ?? "http://127.0.0.1:9",
  ...changes,
});
const filesOnDisk = async () =>
  (await readdir(modelDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);

test("auto, the files are there, opens e5 without asking the hub", async () => {
  hub = await startHub(serveFiles(hubId, files));
  await writeTinyE5(join(modelDir, hubId));
  const { embedder, reason } = await openEmbedder(configOf({}), { log, nodeArgs, warmUp: true });
  expect(reason).toBe(`e5: the files of ${hubId} are in ${join(modelDir, hubId)}`);
  expect([embedder.kind, (await embedder.embedQuery("disk", signal)).length]).toEqual(["e5", 32]);
  expect(hub.asked).toEqual([]);
  await embedder.close();
});

test("auto, the hub answers, downloads the files once and reports how far it is", async () => {
  hub = await startHub(serveFiles(hubId, files));
  const progress: DownloadProgress[] = [];
  const first = await openEmbedder(configOf({}), { log, nodeArgs, onProgress: (step) => progress.push(step) });
  expect(first.reason).toBe(`e5: the files of ${hubId} were downloaded to ${join(modelDir, hubId)}`);
  for (const file of q8Names) {
    const total = files.get(file)!.byteLength;
    const steps = progress.filter((step) => step.file === file);
    expect([steps[0], steps.at(-1)]).toEqual([
      { file, loaded: 0, total },
      { file, loaded: total, total },
    ]);
  }
  const asked = hub.asked.length;
  const second = await openEmbedder(configOf({}), { log, nodeArgs });
  expect(hub.asked).toHaveLength(asked);
  expect(second.embedder.fingerprint).toBe(first.embedder.fingerprint);
  expect(await second.embedder.embedQuery("disk", signal)).toEqual(await first.embedder.embedQuery("disk", signal));
  await Promise.all([first.embedder.close(), second.embedder.close()]);
});

test("auto, a silent hub, opens lexical after the wait and says why", async () => {
  hub = await startHub(saySilence);
  const begin = performance.now();
  const { embedder, reason } = await openEmbedder(configOf({}), { log, nodeArgs, hubTimeoutMs: 300 });
  const waitedMs = performance.now() - begin;
  expect(embedder.kind).toBe("lexical");
  expect(reason).toBe(`lexical: the files of ${hubId} are not in ${modelDir} and ${new URL(hub.url).host} did not answer within 0.3 s`);
  expect(waitedMs).toBeGreaterThan(250);
  expect(waitedMs).toBeLessThan(3_000);
});

test.each([
  ["is not there", undefined, "127.0.0.1:9 cannot be reached"],
  ["has no such model", serveFiles("other/model", files), "answered 404"],
])("auto, the hub %s, opens lexical and says why", async (_situation, answer, why) => {
  if (answer) hub = await startHub(answer);
  const { embedder, reason } = await openEmbedder(configOf({}), { log, nodeArgs });
  expect(embedder.kind).toBe("lexical");
  expect(reason).toContain(why);
});

/** Sends half of the weights, then what `end` does. */
const halfOf = (end: (response: Parameters<typeof saySilence>[1]) => void): typeof saySilence => {
  const serve = serveFiles(hubId, files);
  return (request, response) => {
    if (!request.url?.endsWith(".onnx")) return serve(request, response);
    const content = files.get("onnx/model_quantized.onnx")!;
    response.writeHead(200, { "content-length": content.byteLength });
    response.write(content.subarray(0, content.byteLength / 2), () => end(response));
  };
};

test.each([
  ["breaks off", halfOf((response) => response.destroy()), /model_quantized\.onnx broke off: try again later/],
  ["falls silent", halfOf(() => {}), /model_quantized\.onnx sent nothing for 0\.2 s: try again later/],
])("e5, the download %s, fails, leaves no half file and goes on from there the next time", async (_situation, answer, message) => {
  hub = await startHub(answer);
  const opening = openEmbedder(configOf({ kind: "e5" }), { log, nodeArgs, stallMs: 200 });
  await expect(opening).rejects.toMatchObject({ kind: "upstream_unavailable", message: expect.stringMatching(message) as string });
  expect((await filesOnDisk()).toSorted()).toEqual(["config.json", "tokenizer.json", "tokenizer_config.json"]);
  await hub.close();

  hub = await startHub(serveFiles(hubId, files));
  const { embedder } = await openEmbedder(configOf({ kind: "e5" }), { log, nodeArgs });
  expect(hub.asked.filter((path) => path.includes("tokenizer"))).toEqual([]);
  expect(await embedder.embedQuery("disk", signal)).toHaveLength(32);
  await embedder.close();
});

test("e5, the folder cannot be written, says which and why", async () => {
  hub = await startHub(serveFiles(hubId, files));
  const occupied = join(modelDir, "occupied");
  await writeFile(occupied, "");
  await expect(openEmbedder(configOf({ kind: "e5", modelDir: occupied }), { log, nodeArgs })).rejects.toMatchObject({
    kind: "misconfigured",
    message: `${join(occupied, hubId)} cannot be written (ENOTDIR): choose another MODEL_DIR`,
  });
});

test("e5, the hub is slow but never stands still, downloads the files", async () => {
  const serve = serveFiles(hubId, files);
  hub = await startHub((request, response) => {
    if (!request.url?.endsWith(".onnx")) return serve(request, response);
    const content = files.get("onnx/model_quantized.onnx")!;
    const piece = Math.ceil(content.byteLength / 6);
    const send = (from: number): void => {
      if (from >= content.byteLength) response.end();
      else response.write(content.subarray(from, from + piece), () => setTimeout(send, 100, from + piece));
    };
    send(0);
  });
  const { embedder } = await openEmbedder(configOf({ kind: "e5" }), { log, nodeArgs, stallMs: 400, warmUp: true });
  expect(embedder.kind).toBe("e5");
  await embedder.close();
});

test("e5, the hub gives an empty file, fails and does not keep it", async () => {
  hub = await startHub(serveFiles(hubId, new Map([...files, ["tokenizer.json", new Uint8Array()]])));
  await expect(openEmbedder(configOf({ kind: "e5" }), { log, nodeArgs })).rejects.toMatchObject({
    kind: "upstream_unavailable",
    message: expect.stringContaining("tokenizer.json is empty") as string,
  });
  expect(await filesOnDisk()).not.toContain("tokenizer.json");
});

test("e5 warmed up, the files do not load, fails at once with the remedy", async () => {
  await writeTinyE5(join(modelDir, hubId), new Map([...files, ["onnx/model_quantized.onnx", new TextEncoder().encode("not a model")]]));
  await expect(openEmbedder(configOf({ kind: "auto" }), { log, nodeArgs, warmUp: true })).rejects.toMatchObject({
    kind: "misconfigured",
    message: expect.stringMatching(/does not load .*EMBEDDER=lexical/) as string,
  });
});

test("auto, the download breaks off, opens lexical and says why", async () => {
  hub = await startHub(halfOf((response) => response.destroy()));
  const { embedder, reason } = await openEmbedder(configOf({}), { log, nodeArgs });
  expect(embedder.kind).toBe("lexical");
  expect(reason).toContain("model_quantized.onnx broke off");
});

test("e5 offline, a file is missing, names it with folder and remedy and never touches the network", async () => {
  hub = await startHub(serveFiles(hubId, files));
  await writeTinyE5(join(modelDir, hubId));
  await truncate(join(modelDir, hubId, "onnx/model_quantized.onnx"), 0);
  const opening = openEmbedder(configOf({ kind: "e5", offline: true }), { log, nodeArgs });
  await expect(opening).rejects.toMatchObject({
    kind: "misconfigured",
    message:
      `EMBEDDER=e5: ${join(modelDir, hubId)} lacks onnx/model_quantized.onnx and EMBED_OFFLINE=true forbids the download. ` +
      `Put the files of ${hub.url}/${hubId} there, or allow their download, or set EMBEDDER=lexical.`,
  });
  expect(hub.asked).toEqual([]);
});

test("auto offline, no files, opens lexical and never touches the network", async () => {
  hub = await startHub(serveFiles(hubId, files));
  const { embedder, reason } = await openEmbedder(configOf({ offline: true }), { log, nodeArgs });
  expect(embedder.kind).toBe("lexical");
  expect(reason).toBe(`lexical: the files of ${hubId} are not in ${modelDir} and EMBED_OFFLINE=true forbids the download`);
  expect(hub.asked).toEqual([]);
});

test("e5 offline, all files there, embeds without the network", async () => {
  hub = await startHub(serveFiles(hubId, files));
  await writeTinyE5(join(modelDir, hubId));
  const { embedder } = await openEmbedder(configOf({ kind: "e5", offline: true }), { log, nodeArgs });
  expect(await embedder.embedQuery("disk", signal)).toHaveLength(32);
  expect(hub.asked).toEqual([]);
  await embedder.close();
});

test("auto, the index was built with lexical, opens lexical although e5 is there", async () => {
  await writeTinyE5(join(modelDir, hubId));
  const { embedder, reason } = await openEmbedder(configOf({}), { log, nodeArgs, prefer: "lexical" });
  expect([embedder.kind, reason]).toEqual(["lexical", "lexical: the existing index was built with it"]);
});

test("auto, the index was built with e5 that cannot be had, fails and says so", async () => {
  const opening = openEmbedder(configOf({ offline: true }), { log, nodeArgs, prefer: "e5" });
  await expect(opening).rejects.toMatchObject({
    kind: "misconfigured",
    message: expect.stringMatching(/^the existing index was built with e5: .* lacks config\.json, .*rebuild the index\.$/) as string,
  });
});

test.each(["lexical", "e5"] as const)("%s asked for, the index was built with the other, opens what is asked for", async (kind) => {
  await writeTinyE5(join(modelDir, hubId));
  const { embedder } = await openEmbedder(configOf({ kind }), { log, nodeArgs, prefer: kind === "e5" ? "lexical" : "e5" });
  expect(embedder.kind).toBe(kind);
});

test("e5, the hub does not have the asked weights, says which file of it does not exist", async () => {
  const without = new Map([...files].filter(([name]) => name !== "onnx/model.onnx"));
  hub = await startHub(serveFiles(hubId, without));
  await expect(openEmbedder(configOf({ kind: "e5", dtype: "fp32" }), { log, nodeArgs })).rejects.toMatchObject({
    kind: "misconfigured",
    message: expect.stringContaining(`${hub.url}/${hubId}/resolve/main/onnx/model.onnx does not exist`) as string,
  });
});

test("e5, a folder given by its path, is taken as it is and never downloaded", async () => {
  hub = await startHub(serveFiles(hubId, files));
  const model = join(modelDir, "mine");
  await expect(openEmbedder(configOf({ kind: "e5", model }), { log, nodeArgs })).rejects.toMatchObject({
    kind: "misconfigured",
    message: expect.stringContaining(
      `${model} lacks config.json, tokenizer_config.json, tokenizer.json, onnx/model_quantized.onnx`,
    ) as string,
  });
  await writeTinyE5(model);
  const { embedder } = await openEmbedder(configOf({ kind: "e5", model }), { log, nodeArgs });
  expect(await embedder.embedQuery("disk", signal)).toHaveLength(32);
  expect(hub.asked).toEqual([]);
  await embedder.close();
});

const weights = files.get("onnx/model_quantized.onnx")!;
const weightsHash = createHash("sha256").update(weights).digest("hex");

test.each([weightsHash, weightsHash.toUpperCase()])("e5, LOCAL_EMB_SHA256 is that of the weights (%s), opens", async (sha256) => {
  await writeTinyE5(join(modelDir, hubId));
  const { embedder } = await openEmbedder(configOf({ kind: "e5", sha256 }), { log, nodeArgs });
  expect(await embedder.embedQuery("disk", signal)).toHaveLength(32);
  await embedder.close();
});

test.each(["e5", "auto"] as const)(
  "%s, LOCAL_EMB_SHA256 is not that of the weights, fails and names file, hashes and remedy",
  async (kind) => {
    await writeTinyE5(join(modelDir, hubId));
    const sha256 = "0".repeat(64);
    const path = join(modelDir, hubId, "onnx/model_quantized.onnx");
    await expect(openEmbedder(configOf({ kind, sha256 }), { log, nodeArgs })).rejects.toMatchObject({
      kind: "misconfigured",
      message: `${path} has SHA-256 ${weightsHash}, LOCAL_EMB_SHA256 is ${sha256}. Delete it so that it is downloaded again, or correct LOCAL_EMB_SHA256.`,
    });
  },
);

test("e5, downloaded weights are not what LOCAL_EMB_SHA256 says, are not used", async () => {
  hub = await startHub(serveFiles(hubId, files));
  const opening = openEmbedder(configOf({ kind: "e5", sha256: "f".repeat(64) }), { log, nodeArgs });
  await expect(opening).rejects.toMatchObject({ kind: "misconfigured", message: expect.stringContaining("LOCAL_EMB_SHA256") as string });
});

test.each([
  ["unsigned", 1],
  ["signed", 0],
] as const)("e5, weights of %s int8, warns %d times that they are slow and embeds", async (kind, times) => {
  const lines: string[] = [];
  const loud = createLogger("test", "warn", { write: (line) => void lines.push(line) });
  const content = bertGraph(tinyShape, { quantised: true, unsigned: kind === "unsigned" });
  await writeTinyE5(join(modelDir, hubId), new Map([...files, ["onnx/model_quantized.onnx", content]]));
  const { embedder } = await openEmbedder(configOf({ kind: "e5" }), { log: loud, nodeArgs });
  expect(await embedder.embedPassages(["disk full", "timeout"], signal)).toHaveLength(2);
  expect(lines.filter((line) => line.includes("unsigned int8"))).toHaveLength(times);
  await embedder.close();
});

test.each(["e5", "auto"] as const)("%s offline, opened and used with every file there, asks the hub for nothing", async (kind) => {
  hub = await startHub(serveFiles(hubId, files));
  await writeTinyE5(join(modelDir, hubId));
  const { embedder } = await openEmbedder(configOf({ kind, offline: true }), { log, nodeArgs, warmUp: true });
  await embedder.embedPassages(["disk full"], signal);
  await embedder.embedQuery("disk", signal);
  await embedder.close();
  expect([embedder.kind, hub.asked]).toEqual(["e5", []]);
});
