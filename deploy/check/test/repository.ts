import { variablesOf } from "@flow-rag/kernel";
import { fileURLToPath } from "node:url";
import { schema as api } from "../../../services/api/src/config.js";
import { schema as cli } from "../../../services/cli/src/config.js";
import { schema as producer } from "../../../services/producer/src/config.js";
import { schema as reporter } from "../../../services/reporter/src/config.js";
import { schema as worker } from "../../../services/worker/src/config.js";
import { readKnown, type Known } from "../src/known.js";

/** The repository's deployment files, with what the services read. */
export const readFiles = (): Known =>
  readKnown(
    fileURLToPath(new URL("../../..", import.meta.url)),
    new Set([api, cli, producer, reporter, worker].flatMap((schema) => variablesOf(schema))),
  );
