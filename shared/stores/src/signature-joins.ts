import type { Db } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { signatureIds, type SignatureIds, type SignatureJoin } from "./signature-ids.js";

export type SignatureJoins = {
  /** The ids as they are now. Reads only what was joined since the last time. */
  current(signal: AbortSignal): Promise<SignatureIds>;
};

/**
 * Follows the joins of signatures. Runs keep the id that they were given, so a join is one write, and whoever reads runs asks here which ids
 * are one: before that write they are several everywhere, after it one everywhere.
 */
export const createSignatureJoins = (db: Db): SignatureJoins => {
  const changes = db.collection<{ _id: string; joined: SignatureJoin[] }>("signature_changes");
  let ids = signatureIds([]);
  let last = "";
  const from = (id: string, signal: AbortSignal): Promise<{ _id: string; joined: SignatureJoin[] }[]> =>
    changes
      .find({ joins: true, _id: { $gte: id } }, { ...readOptions(signal), projection: { joined: 1 } })
      .sort({ _id: 1 })
      .toArray()
      .catch(toStoreError);
  return {
    async current(signal) {
      const after = last;
      const rows = await from(after, signal);
      const isSame = after === "" || rows[0]?._id === after;
      const found = isSame ? rows.filter(({ _id }) => _id !== after) : await from("", signal); // the database was emptied
      // Whoever asked at the same time may have been first.
      if (last === after && (!isSame || found.length > 0)) {
        const joined = found.flatMap((row) => row.joined);
        ids = isSame ? ids.with(joined) : signatureIds(joined);
        last = found.at(-1)?._id ?? "";
      }
      return ids;
    },
  };
};
