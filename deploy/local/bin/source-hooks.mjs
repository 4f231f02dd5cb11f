/**
 * Node's module hooks for source.mjs. esbuild is loaded on a cache miss only: a warm start then costs some 50 ms more than
 * plain node, where tsx costs 110 to 160 ms (measured on Node 20.20), and every command and service pays it.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath, URL } from "node:url";

const condition = "@flow-rag/source";
const cache = new URL("../../../node_modules/.cache/flow-rag-source/", import.meta.url);
const options = {
  loader: "ts",
  format: "esm",
  target: "es2023",
  sourcemap: "inline",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
};
// What the cached text depends on beside the source: change it together with the options or esbuild's version.
const salt = `1 ${JSON.stringify(options)}`;

export function resolve(specifier, context, nextResolve) {
  if (specifier.startsWith(".") && specifier.endsWith(".js") && context.parentURL?.endsWith(".ts")) {
    const url = new URL(`${specifier.slice(0, -".js".length)}.ts`, context.parentURL);
    if (existsSync(url)) return { url: url.href, format: "module", shortCircuit: true };
  }
  return nextResolve(specifier, { ...context, conditions: [condition, ...context.conditions] });
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith("file:") || !url.endsWith(".ts")) return nextLoad(url, context);
  const source = await readFile(new URL(url), "utf8");
  return { format: "module", shortCircuit: true, source: await compile(url, source) };
}

/** One cache entry a file, whose first line names the source it was made from: entries never pile up. */
async function compile(url, source) {
  const entry = new URL(`${sha(url)}.js`, cache);
  const stamp = `// ${sha(salt + source)}\n`;
  const cached = await readFile(entry, "utf8").catch(() => "");
  if (cached.startsWith(stamp)) return cached.slice(stamp.length);
  const { transform } = await import("esbuild");
  const { code } = await transform(source, { ...options, sourcefile: fileURLToPath(url) });
  await keep(entry, stamp + code).catch(() => {}); // a read-only tree only costs time
  return code;
}

async function keep(entry, text) {
  await mkdir(cache, { recursive: true });
  const draft = new URL(`${entry.href}.${randomUUID()}`);
  await writeFile(draft, text);
  await rename(draft, entry); // several processes start at once
}

const sha = (text) => createHash("sha1").update(text).digest("hex");
