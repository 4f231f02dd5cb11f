import { InvalidArgumentError } from "commander";
import type { NewKeyFlags } from "../entry/keys.js";
import { demoFlag, list, type Registry, type Shared } from "./registry.js";

const duration = (text: string): string => {
  if (!/^\d+[smhd]$/.test(text)) throw new InvalidArgumentError("a duration such as 90s, 30m, 24h or 90d is wanted.");
  return text;
};

/** Who may use the API. */
export function describeKeysCommands({ program, on }: Registry): void {
  const keys = program.command("keys").description("API keys: who may use the API, and for what");

  keys
    .command("create")
    .description("make a key and print it, this once")
    .requiredOption("--name <name>", "whom or what it is for")
    .requiredOption("--scopes <scopes>", "query, ingest, admin, metrics, separated by commas", list)
    .option("--sources <names>", "the only sources it may read of (default: all)", list)
    .option("--expires <when>", "a date such as 2027-01-31, or a duration such as 90d (default: never)")
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(on<Shared & NewKeyFlags>((flags) => async (context) => (await import("../entry/keys.js")).createKey(context, flags)));

  keys
    .command("list")
    .description("all keys, without their secrets")
    .option("--json", "print them as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared>(
        ({ json }) =>
          async (context) =>
            (await import("../entry/keys.js")).listKeys(context, { json: json === true }),
      ),
    );

  keys
    .command("revoke")
    .description("end a key and its sessions, at once and for good")
    .argument("<id>")
    .addOption(demoFlag())
    .action(on<Shared, [string]>((_flags, id) => async (context) => (await import("../entry/keys.js")).revokeKey(context, id)));

  keys
    .command("rotate")
    .description("make a key with the same rights; the old one stays good for a while")
    .argument("<id>")
    .option("--grace <duration>", "how long the old one stays good", duration, "24h")
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & { grace: string }, [string]>(
        ({ grace, json }, id) =>
          async (context) =>
            (await import("../entry/keys.js")).rotateKey(context, id, { grace, json: json === true }),
      ),
    );
}
