import { newApiKey, type NewApiKey, type Scope } from "@flow-rag/contracts";
import { AppError, parse, shareLooks, untilAborted, within } from "@flow-rag/kernel";
import type { Db } from "mongodb";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mongoLate, readOptions, soon } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** A key without its secret, which nobody can read again. */
export type ApiKey = {
  readonly id: string;
  /** The same for a key and those that replace it: conversations stay its holder's. */
  readonly owner: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The only sources it may read of; null is all of them. */
  readonly sources: readonly string[] | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
};
type Row = Omit<ApiKey, "id"> & { _id: string; hash: string };
type SessionRow = { _id: string; keyId: string; expiresAt: Date };
export type KeyStore = ReturnType<typeof createKeyStore>;

const secretBytes = 32; // 256 bits
const keyForm = /^frag_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
const sessionForm = /^[A-Za-z0-9_-]{43}$/;
const sessionForMs = 12 * 3_600_000;
const usedEveryMs = 60_000;
const lookWithinMs = 2_500;

const digestOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();
/** What an unknown id is compared with, so that it takes as long as a known one. */
const nobody = digestOf("");
const toKey = ({ _id, hash: _hash, ...row }: Row): ApiKey => ({ id: _id, ...row });

/**
 * API keys `frag_<id>_<secret>` and the browser sessions that they open. The state database holds SHA-256 digests only: of 256 random bits
 * there is nothing to guess, so a slow hash would only slow the service down.
 */
export const createKeyStore = (db: Db) => {
  const keys = db.collection<Row>("api_keys");
  const sessions = db.collection<SessionRow>("sessions");

  const insert = async (input: NewApiKey, now: Date, former?: string): Promise<{ key: ApiKey; secret: string }> => {
    const id = randomBytes(8).toString("hex");
    const secret = `frag_${id}_${randomBytes(secretBytes).toString("base64url")}`;
    const { name, scopes, sources, expiresAt } = parse(newApiKey, input, "key");
    const row: Row = {
      _id: id,
      hash: digestOf(secret).toString("hex"),
      owner: former ?? id,
      name,
      scopes: [...new Set(scopes)],
      sources,
      createdAt: now,
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    };
    await soon(keys.insertOne(row));
    return { key: toKey(row), secret };
  };
  const isLive = ({ revokedAt, expiresAt }: Pick<Row, "revokedAt" | "expiresAt">, now: Date): boolean =>
    revokedAt === null && (expiresAt === null || expiresAt > now);
  /** Requests of one key that come at once ask once. */
  const find = shareLooks((id: string) =>
    within(lookWithinMs, (signal) => keys.findOne({ _id: id }, readOptions(signal)).catch(toStoreError), [], mongoLate),
  );
  const live = async (id: string, now: Date, signal: AbortSignal): Promise<Row | undefined> => {
    const row = await untilAborted(signal, find(id));
    return row && isLive(row, now) ? row : undefined;
  };
  const noteUse = (row: Row, now: Date): void => {
    if (row.lastUsedAt && now.getTime() - row.lastUsedAt.getTime() < usedEveryMs) return;
    keys.updateOne({ _id: row._id }, { $set: { lastUsedAt: now } }).catch(() => undefined); // a request never waits for it, nor fails by it
  };

  return {
    /** A new key. `secret` is the whole key as its holder sends it; it is told this once. */
    create: (input: NewApiKey, now: Date) => insert(input, now),
    /** All keys, the newest first, those that are no longer good too. */
    async list(signal: AbortSignal): Promise<ApiKey[]> {
      const rows = await keys.find({}, readOptions(signal)).sort({ createdAt: -1, _id: 1 }).toArray().catch(toStoreError);
      return rows.map(toKey);
    },
    /** False when no such key is good any more. From then on neither it nor its sessions open anything. */
    async revoke(id: string, now: Date): Promise<boolean> {
      const { modifiedCount } = await soon(keys.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt: now } }));
      await soon(sessions.deleteMany({ keyId: id }));
      return modifiedCount === 1;
    },
    /**
     * A second key with the same rights, and an end for the first one: until `until` both are good.
     * @throws AppError `not_found` when there is no such key that is good.
     */
    async rotate(id: string, { until, now }: { until: Date; now: Date }, signal: AbortSignal): Promise<{ key: ApiKey; secret: string }> {
      const row = await live(id, now, signal);
      if (!row) throw new AppError("not_found", `no key ${id} that is good: flow-rag keys list shows them`);
      const { owner, name, scopes, sources, expiresAt } = row;
      const made = await insert({ name, scopes: [...scopes], sources: sources && [...sources], expiresAt }, now, owner);
      const end = expiresAt && expiresAt < until ? expiresAt : until;
      await soon(keys.updateOne({ _id: id }, { $set: { expiresAt: end } }));
      return made;
    },
    /** Whether any key was ever made: from then on nobody is let in without one, even if all are revoked. */
    async exists(signal: AbortSignal): Promise<boolean> {
      return (await keys.findOne({}, { ...readOptions(signal), projection: { _id: 1 } }).catch(toStoreError)) !== null;
    },
    /** The key that was presented, while it is good. Found by its id, then compared in constant time. */
    async authenticate(presented: string, now: Date, signal: AbortSignal): Promise<ApiKey | undefined> {
      const id = keyForm.exec(presented)?.[1];
      const row = id === undefined ? undefined : await live(id, now, signal);
      const same = timingSafeEqual(digestOf(presented), row ? Buffer.from(row.hash, "hex") : nobody);
      if (!row || !same) return undefined;
      noteUse(row, now);
      return toKey(row);
    },
    /** A browser's session of a key: the token for its cookie, and how long it is good for. */
    async openSession(keyId: string, now: Date): Promise<{ token: string; maxAgeMs: number }> {
      const token = randomBytes(secretBytes).toString("base64url");
      const expiresAt = new Date(now.getTime() + sessionForMs);
      await soon(sessions.deleteMany({ expiresAt: { $lt: now } }));
      await soon(sessions.insertOne({ _id: digestOf(token).toString("hex"), keyId, expiresAt }));
      return { token, maxAgeMs: sessionForMs };
    },
    /** The key behind a session, while both are good. */
    async keyOfSession(token: string, now: Date, signal: AbortSignal): Promise<ApiKey | undefined> {
      if (!sessionForm.test(token)) return undefined;
      const found = await sessions.findOne({ _id: digestOf(token).toString("hex") }, readOptions(signal)).catch(toStoreError);
      const row = found && found.expiresAt > now ? await live(found.keyId, now, signal) : undefined;
      if (!row) return undefined;
      noteUse(row, now);
      return toKey(row);
    },
    async closeSession(token: string): Promise<void> {
      await soon(sessions.deleteOne({ _id: digestOf(token).toString("hex") }));
    },
  };
};
