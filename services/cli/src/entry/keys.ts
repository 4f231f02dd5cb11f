import { duration, scope, type Scope } from "@flow-rag/contracts";
import { AppError, parse, parseInstant } from "@flow-rag/kernel";
import { createKeyStore, openMongo, type ApiKey, type KeyStore } from "@flow-rag/stores";
import { z } from "zod";
import { openAddresses, type CommandContext } from "../deps.js";

export type NewKeyFlags = { name: string; scopes: readonly string[]; sources?: readonly string[]; expires?: string; json?: true };

/** `flow-rag keys create`: the key on stdout, what it is for on stderr. */
export async function createKey(context: CommandContext, { name, scopes, sources, expires, json }: NewKeyFlags): Promise<void> {
  const wanted: Scope[] = parse(z.array(scope), scopes, "--scopes");
  const unknown = (sources ?? []).filter((source) => !context.config.sources.some((known) => known.name === source));
  if (unknown.length > 0)
    throw new AppError("invalid_input", `--sources: ${context.config.sources.map((known) => known.name).join(", ")} are configured`);
  const expiresAt = expires === undefined ? null : readExpiry(expires, context.config.business.zone);
  const keys = await openKeys(context);
  tell(context, await keys.create({ name, scopes: wanted, sources: sources ? [...sources] : null, expiresAt }, new Date()), json === true);
}

/** `flow-rag keys list`. */
export async function listKeys(context: CommandContext, { json }: { json: boolean }): Promise<void> {
  const keys = await (await openKeys(context)).list(context.signal);
  for (const key of keys) context.terminal.result(json ? JSON.stringify(key) : describe(key));
  if (keys.length === 0) context.terminal.say("no key: the API serves this machine only, and everybody on it");
}

/** `flow-rag keys revoke`. */
export async function revokeKey(context: CommandContext, id: string): Promise<void> {
  const revoked = await (await openKeys(context)).revoke(id, new Date());
  if (!revoked) throw new AppError("not_found", `no key ${id} that is good: flow-rag keys list shows them`);
  context.terminal.result(`${id} is revoked`);
}

/** `flow-rag keys rotate`. */
export async function rotateKey(context: CommandContext, id: string, { grace, json }: { grace: string; json: boolean }): Promise<void> {
  const now = new Date();
  const until = new Date(now.getTime() + parse(duration, grace, "--grace"));
  const made = await (await openKeys(context)).rotate(id, { until, now }, context.signal);
  tell(context, made, json);
  context.terminal.say(`${id} stays good until ${until.toISOString()}`);
}

async function openKeys(context: CommandContext): Promise<KeyStore> {
  const { config, lifecycle } = context;
  const { stateUri } = await openAddresses(context, ["mongo"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  return createKeyStore(state.db(config.state.db));
}

function tell({ terminal }: CommandContext, { key, secret }: { key: ApiKey; secret: string }, json: boolean): void {
  terminal.result(json ? JSON.stringify({ ...key, key: secret }) : secret);
  terminal.say(`${describe(key)}\nKeep it now: only its digest is stored.`);
}

const describe = ({ id, name, scopes, sources, expiresAt, revokedAt, lastUsedAt }: ApiKey): string =>
  [
    id,
    name,
    scopes.join(","),
    sources ? `sources ${sources.join(",")}` : "all sources",
    revokedAt
      ? `revoked ${revokedAt.toISOString()}`
      : expiresAt
        ? `${expiresAt.getTime() <= Date.now() ? "expired" : "until"} ${expiresAt.toISOString()}`
        : "no end",
    lastUsedAt ? `used ${lastUsedAt.toISOString()}` : "never used",
  ].join(" · ");

function readExpiry(text: string, zone: string): Date {
  const instant = /^\d+[smhd]$/.test(text) ? new Date(Date.now() + parse(duration, text, "--expires")) : parseInstant(text, zone);
  if (instant && instant.getTime() > Date.now()) return instant;
  throw new AppError("invalid_input", "--expires: a date to come such as 2027-01-31, or a duration such as 90d is wanted");
}
