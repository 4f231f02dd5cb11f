import { maskVersion, type RegroupedSignature, type Regrouping } from "@flow-rag/insights";
import { createIndexedRuns, createRunStore, createSignatureJoins, createSignatureStore, openMongo } from "@flow-rag/stores";
import { openAddresses, type CommandContext } from "../deps.js";
import { moveRuns, planMigration, storeGroups, type MigrationDeps } from "../domain/migrate-signatures.js";

/** `flow-rag signatures migrate`: groups what is stored by the masks and rules of this version. Safe to stop and to run again. */
export async function migrateSignatures(context: CommandContext, { dryRun, json }: { dryRun: boolean; json: boolean }): Promise<void> {
  const { config, lifecycle, terminal, signal } = context;
  const { stateUri } = await openAddresses(context, ["mongo"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const db = state.db(config.state.db);
  const deps: MigrationDeps = {
    indexed: createIndexedRuns(db),
    runs: createRunStore(db),
    signatures: createSignatureStore(db),
    joins: createSignatureJoins(db),
    tree: maskVersion,
  };
  const plan = await planMigration(deps, signal);
  if (!dryRun) await storeGroups(deps, plan, signal);
  const moved = dryRun ? null : await moveRuns(deps, plan, signal);
  const { signatures, splits, joins } = plan;
  if (json) terminal.result(JSON.stringify({ dryRun, signatures: signatures.length, splits, joins, moved }));
  else for (const line of describe(plan, moved)) terminal.result(line);
}

const controls = /[\p{Cc}\u2028\u2029]/gu;

/** `moved`: runs that had another signature; null when nothing was written. */
function describe({ signatures, splits, joins }: Regrouping, moved: number | null): string[] {
  const part = ({ id, runs, template }: RegroupedSignature): string => `  ${id} · ${runs} runs · ${template.replace(controls, "")}`;
  return [
    ...splits.flatMap(({ id, into }) => [`${id} is ${into.length} signatures:`, ...into.map(part)]),
    ...joins.flatMap((joined) => [`${[joined.id, ...joined.from].join(", ")} are one signature:`, part(joined)]),
    `${signatures.length} signatures · ${splits.length} split · ${joins.length} joined · ${moved === null ? "nothing was written" : `${moved} runs moved`}`,
  ];
}
