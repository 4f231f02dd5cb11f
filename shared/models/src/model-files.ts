import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "@flow-rag/kernel";
import type { EmbedderConfig } from "./embedder.js";

/** A model's files in the layout of transformers.js: `config.json`, the tokenizer's two, `onnx/model*.onnx`. */
export interface ModelFiles {
  /** For messages and the fingerprint: the hub id, or the folder's name. */
  readonly name: string;
  /** Undefined for a folder given by path, which has nowhere to be downloaded from. */
  readonly hubId: string | undefined;
  readonly folder: string;
  /** Paths within the folder, separated by "/". The weights come last, so that a wrong id fails before the long download. */
  readonly names: readonly string[];
}

/** The original models hold no quantised weights; these repositories hold their ONNX exports. */
const onnxExports: Readonly<Record<string, string>> = {
  "intfloat/multilingual-e5-small": "Xenova/multilingual-e5-small",
  "intfloat/multilingual-e5-base": "Xenova/multilingual-e5-base",
  "intfloat/multilingual-e5-large": "Xenova/multilingual-e5-large",
};

/** Beyond 2 GB an ONNX file keeps its weights beside it. Source: huggingface/transformers.js issue 940. */
const splitInFp32 = "Xenova/multilingual-e5-large";

const weights = { q8: "onnx/model_quantized.onnx", fp32: "onnx/model.onnx" };

export function locateModel({ model, modelDir, dtype }: Pick<EmbedderConfig, "model" | "modelDir" | "dtype">): ModelFiles {
  const hubId = onnxExports[model] ?? model;
  const names = ["config.json", "tokenizer_config.json", "tokenizer.json", weights[dtype]];
  if (hubId === splitInFp32 && dtype === "fp32") names.push("onnx/model.onnx_data");
  if (isAbsolute(model) || model.startsWith(".")) return { name: basename(model), hubId: undefined, folder: model, names };
  return { name: hubId, hubId, folder: join(modelDir, hubId), names };
}

/** The file that holds the model itself, within the folder. */
export const weightsOf = ({ names }: ModelFiles): string => names.find((name) => name.endsWith(".onnx")) ?? "";

/** @throws AppError `misconfigured` when the SHA-256 of the weights is not the given one (64 hex digits). */
export async function checkWeights(files: ModelFiles, sha256: string): Promise<void> {
  const path = join(files.folder, weightsOf(files));
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const found = hash.digest("hex");
  if (found === sha256.toLowerCase()) return;
  const remedy = "Delete it so that it is downloaded again, or correct LOCAL_EMB_SHA256.";
  throw new AppError("misconfigured", `${path} has SHA-256 ${found}, LOCAL_EMB_SHA256 is ${sha256}. ${remedy}`);
}

/** The names of the files that are absent or empty, in the order of `names`. */
export async function missingFiles({ folder, names }: ModelFiles): Promise<string[]> {
  const present = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found !== undefined && found.isFile() && found.size > 0;
    }),
  );
  return names.filter((_, position) => !present[position]);
}

/** Length of the model's vectors. @throws AppError `misconfigured` when config.json does not say. */
export async function readDimensions({ folder }: ModelFiles): Promise<number> {
  const path = join(folder, "config.json");
  try {
    const { hidden_size: size } = JSON.parse(await readFile(path, "utf8")) as { hidden_size?: unknown };
    if (typeof size === "number" && Number.isInteger(size) && size > 0) return size;
  } catch (error) {
    throw new AppError("misconfigured", `${path} is not a model's configuration: replace it, or set EMBEDDER=lexical`, { cause: error });
  }
  throw new AppError("misconfigured", `${path} has no hidden_size, so it is not an embedding model's: choose another LOCAL_EMB_MODEL`);
}

/**
 * 12 hex digits of SHA-256 over what decides the vectors (tokenizer and weights). Two folders of one name may hold two
 * revisions, and nothing in the files says which. About 0.2 s for the 135 MB of e5-small in q8.
 */
export async function revisionOf({ folder, names }: ModelFiles): Promise<string> {
  const hash = createHash("sha256");
  for (const name of names.filter((name) => name !== "config.json"))
    await pipeline(createReadStream(join(folder, name)), hash, { end: false });
  return hash.digest("hex").slice(0, 12);
}
