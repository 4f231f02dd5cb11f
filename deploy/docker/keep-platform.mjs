// In a folder after `npm ci`: drops the binaries of other systems that onnxruntime-node carries for all (243 MB of 288), which are never loaded here.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = "node_modules/onnxruntime-node/bin";
const foldersIn = (path) =>
  existsSync(path) ? readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : [])) : [];

for (const version of foldersIn(root))
  for (const platform of foldersIn(join(root, version)))
    for (const arch of foldersIn(join(root, version, platform)))
      if (platform !== process.platform || arch !== process.arch) rmSync(join(root, version, platform, arch), { recursive: true });
