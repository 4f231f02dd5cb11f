/** Two signatures that turned out to be one: what bears `from` is of `into`. */
export type SignatureJoin = { readonly into: string; readonly from: string };

/** Which ids mean the same signature, as of one moment; never changed once it is made. */
export type SignatureIds = {
  /** Ids that lead to another. */
  readonly moved: number;
  /** The id that the signature's history is kept under. */
  readonly resolve: (id: string) => string;
  /** All ids of the signature, the one that is kept first. */
  readonly membersOf: (id: string) => readonly string[];
  /** The same with these joins after those it was made of. */
  readonly with: (joins: readonly SignatureJoin[]) => SignatureIds;
};

/** The ids after these joins, in their order. */
export function signatureIds(joins: readonly SignatureJoin[]): SignatureIds {
  const keptBy = new Map<string, string>();
  const members = new Map<string, string[]>();
  const resolve = (id: string): string => keptBy.get(id) ?? id;
  for (const join of joins) {
    const [into, from] = [resolve(join.into), resolve(join.from)];
    if (into === from) continue;
    const gone = members.get(from) ?? [from];
    members.delete(from);
    for (const id of gone) keptBy.set(id, into);
    members.set(into, [...(members.get(into) ?? [into]), ...gone]);
  }
  return {
    moved: keptBy.size,
    resolve,
    membersOf: (id) => members.get(resolve(id)) ?? [resolve(id)],
    with: (further) => signatureIds([...joins, ...further]),
  };
}
