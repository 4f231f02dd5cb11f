import { readFileSync } from "node:fs";
import { z } from "zod";

const manifest = z.looseObject({ version: z.string() });

/** The version that a package.json states. @throws when there is none. */
export const packageVersion = (path: URL): string => manifest.parse(JSON.parse(readFileSync(path, "utf8"))).version;
