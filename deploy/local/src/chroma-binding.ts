import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { AppError, type Logger } from "@flow-rag/kernel";

/** The newest bindings whose server runs on glibc 2.36 (Debian 12); from 1.0.6 on they want 2.39. */
const oldGlibcVersion = "1.0.5";
const neededGlibc = 2.39;

const platform = `${process.platform}-${process.arch}${process.platform === "linux" ? "-gnu" : ""}`;
const packageName = `chromadb-js-bindings-${platform}`;

/** Path of the native module that comes with the chromadb package, if this machine can load it. */
export function bundledBinding(): string | undefined {
  if (process.platform === "linux" && glibcVersion() < neededGlibc) return undefined;
  try {
    return createRequire(createRequire(import.meta.url).resolve("chromadb")).resolve(packageName);
  } catch {
    return undefined;
  }
}

/**
 * Path of the native module for older machines, installed under `toolsDir` on the first call.
 * @throws AppError `misconfigured` when it cannot be installed.
 */
export async function installedBinding(toolsDir: string, log: Logger): Promise<string> {
  const home = join(toolsDir, `chroma-${oldGlibcVersion}`);
  if (!existsSync(home)) await install(toolsDir, home, log);
  return createRequire(join(home, "package.json")).resolve(packageName);
}

async function install(toolsDir: string, home: string, log: Logger): Promise<void> {
  const wanted = `${packageName}@${oldGlibcVersion}`;
  log.info(`the Chroma server of the chromadb package does not run here: installing ${wanted} once with npm into ${home}`);
  await mkdir(toolsDir, { recursive: true });
  const draft = await mkdtemp(join(toolsDir, "installing-"));
  try {
    const flags = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--no-workspaces", "--prefix", draft];
    await promisify(execFile)("npm", ["install", ...flags, wanted], { cwd: draft });
    await dropDebugSymbols(createRequire(join(draft, "package.json")).resolve(packageName));
    // A half-made folder is never taken for a whole one; when another process was faster, its folder is as good.
    await rename(draft, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error;
    });
  } catch (error) {
    const message = `No Chroma server for ${platform}: npm could not install ${wanted}. Set CHROMA_URL to a Chroma that runs already.`;
    throw new AppError("misconfigured", `${message}\n${AppError.from(error).message.trim()}`, { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Of the 437 MB of these bindings 382 are debug symbols. Where there is no `strip` they stay. */
const dropDebugSymbols = (path: string): Promise<unknown> => promisify(execFile)("strip", ["--strip-debug", path]).catch(() => undefined);

/** NaN (which compares false) on musl, where Node reports none: then loading the module tells. */
function glibcVersion(): number {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return Number.parseFloat(header.glibcVersionRuntime ?? "");
}
