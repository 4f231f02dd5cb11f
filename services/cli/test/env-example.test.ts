import { readFileSync } from "node:fs";
import type { z } from "zod";
import { schema as api } from "../../api/src/config.js";
import { schema as producer } from "../../producer/src/config.js";
import { schema as reporter } from "../../reporter/src/config.js";
import { schema as worker } from "../../worker/src/config.js";
import { schema as cli } from "../src/config.js";

const schemas = { api, cli, producer, reporter, worker };
const [text = "", composeText = ""] = readFileSync(new URL("../../../.env.example", import.meta.url), "utf8").split(
  "# --- docker compose only",
);
const settings = (lines: string) =>
  [...lines.matchAll(/^# ([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = "", rest = ""]) => [name, rest.replace(/\s{2,}#.*$/, "")] as const);
const shown = new Map(settings(text));

/** The variables a process's schema reads; the schema is an object piped into a transform. */
const variablesOf = (schema: z.ZodPipe<z.ZodObject>): string[] => Object.keys(schema.in.shape);
const known = new Set(Object.values(schemas).flatMap((schema) => variablesOf(schema as unknown as z.ZodPipe<z.ZodObject>)));

test(".env.example, all processes' schemas, names every variable they read and no other", () => {
  expect([...shown.keys()].sort()).toEqual([...known].sort());
});

test(".env.example, the section of docker compose, names variables that the compose file reads and no process", () => {
  const compose = readFileSync(new URL("../../../docker-compose.yml", import.meta.url), "utf8");
  for (const [name, value] of settings(composeText)) {
    expect(compose).toContain(`\${${name}:-${value}}`);
    expect(known).not.toContain(name);
  }
});

test.each(Object.entries(schemas))(".env.example, its values, are what %s takes when they are not set", (_name, schema) => {
  const addresses = { MONGO_URI: "mongodb://127.0.0.1:27017", REDIS_URL: "redis://127.0.0.1:6379", CHROMA_URL: "http://127.0.0.1:8001" };
  const values = Object.fromEntries([...shown].filter(([, value]) => value !== ""));
  const { LOG_LEVEL: _own, ...rest } = values; // the command line is quieter than the services
  expect(schema.parse({ ...rest, ...addresses })).toEqual(schema.parse(addresses));
});
