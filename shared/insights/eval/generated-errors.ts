/** A text and the failure it is an occurrence of. */
export type LabelledText = { readonly text: string; readonly group: string };

const people = ["alice", "bernard", "chloe", "dimitri", "elsa", "farid", "gaelle", "hugo", "ines"];
const tables = ["orders", "customers", "refunds", "stock", "invoices", "carriers", "returns", "prices"];
const places = ["lyon", "nantes", "bordeaux", "lille", "rennes", "dijon", "tours"];
const pick = <T>(list: readonly T[], turn: number): T => list[turn % list.length] as T;

/**
 * Kinds of failure, each a text of a turn. Neighbours differ in one plain word, a code or an exception and are different failures; the words
 * that a kind varies in are more than four.
 */
const kinds: readonly ((turn: number) => string)[] = [
  // What is told apart.
  () => "Link has been severed",
  () => "Connection reset by peer",
  () => "Connection refused by peer",
  (n) => `Instance destroyed successfully on node ${n}`,
  (n) => `Instance spawned successfully on node ${n}`,
  (n) => `[ERROR] COMPILATION ERROR : [ERROR] /src/App${n}.java:[${n},7] cannot find symbol in the unit`,
  (n) => `[ERROR] COMPILATION ERROR : [ERROR] /src/App${n}.java:[${n},9] illegal start of type in the unit`,
  (n) => `GET /v1/orders/${n} answered HTTP 404 for the caller`,
  (n) => `GET /v1/orders/${n} answered HTTP 503 for the caller`,
  (n) => `task ${n} of the load failed with java.io.IOException: stream closed`,
  (n) => `task ${n} of the load failed with java.lang.IllegalStateException: stream closed`,
  (n) => `ORA-00942: statement ${n} was refused by the database`,
  (n) => `ORA-01017: statement ${n} was refused by the database`,
  (n) => `la session ${n} a été ouverte par le service de paie`,
  (n) => `la session ${n} a été fermée par le service de paie`,
  // What varies.
  (n) => `Invalid user ${pick(people, n)} from 10.0.${n % 250}.7 port ${n}`,
  (n) => `${pick(people, n)} is not allowed to write to the warehouse`,
  (n) => `cannot read the table ${pick(tables, n)} of the sales schema after ${n} tries`,
  (n) => `échec de lecture de la table ${pick(tables, n)} par le traitement de nuit`,
  (n) => `la synchronisation du magasin de ${pick(places, n)} a échoué avant la fin`,
  (n) => `user ${pick(people, n)} cannot lock table ${pick(tables, Math.floor(n / 9))} in the common warehouse`,
  (n) => `quota exceeded for owner=${pick(people, n)} on the shared disk`,
  (n) => `wrote ${n} MB of ${n + 5} MiB to the bucket before it closed`,
  (n) => `close, ${n * 1000} bytes${n % 2 ? ` (${n}.${n % 10} KB)` : ""} sent to the proxy`,
  (n) => `espace insuffisant : ${n} Go demandés, ${n % 7} Mo libres sur le volume`,
  (n) => `job 550e8400-e29b-41d4-a716-${String(446655440000 + n)} timed out after ${n} s`,
  (n) => `class org.shop.v${n}.${pick(tables, n)}.Loader could not be loaded by the runner`,
];

/** `count` texts of every kind in turns. */
export const generateErrors = (count: number): LabelledText[] =>
  Array.from({ length: count }, (_, index) => {
    const kind = index % kinds.length;
    return { text: (kinds[kind] as (turn: number) => string)(Math.floor(index / kinds.length) + 1), group: String(kind) };
  });
