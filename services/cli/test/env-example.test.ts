import { loadConfig, variablesOf } from "@flow-rag/kernel";
import { readFileSync } from "node:fs";
import { schema as api } from "../../api/src/config.js";
import { schema as producer } from "../../producer/src/config.js";
import { schema as reporter } from "../../reporter/src/config.js";
import { schema as worker } from "../../worker/src/config.js";
import { schema as cli } from "../src/config.js";

const schemas = { api, cli, producer, reporter, worker };
// Which variables are there is checked by check:deploy, whose test seeds mistakes.
const [text = ""] = readFileSync(new URL("../../../.env.example", import.meta.url), "utf8").split("# --- docker compose only");
const shown = new Map(
  [...text.matchAll(/^# ([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = "", rest = ""]) => [name, rest.replace(/\s{2,}#.*$/, "")] as const),
);

test.each(Object.entries(schemas))(".env.example, its values, are what %s takes when they are not set", (_name, schema) => {
  const addresses = { MONGO_URI: "mongodb://127.0.0.1:27017", REDIS_URL: "redis://127.0.0.1:6379", CHROMA_URL: "http://127.0.0.1:8001" };
  const values = Object.fromEntries([...shown].filter(([, value]) => value !== ""));
  const { LOG_LEVEL: _own, ...rest } = values; // the command line is quieter than the services
  expect(schema.parse({ ...rest, ...addresses })).toEqual(schema.parse(addresses));
});

test.each(Object.entries(schemas))(
  "every variable of %s, set to nonsense, says what to write and never speaks of types",
  (_name, schema) => {
    const wrong = variablesOf(schema).flatMap((name) => {
      for (const value of ["?", "-1", "1.5", "99999999999"])
        try {
          loadConfig(schema, { [name]: value });
        } catch (error) {
          const line = (error as Error).message.split("\n").find((each) => each.startsWith(`  ${name}:`));
          if (line !== undefined && /received|expected|NaN|Invalid|Too /.test(line)) return [line];
        }
      return [];
    });
    expect(wrong).toEqual([]);
  },
);
