import fc from "fast-check";
import { createLexicalEmbedder } from "./lexical-embedder.js";

const { signal } = new AbortController();
const embedder = createLexicalEmbedder();
const cosine = async (a: string, b: string): Promise<number> => {
  const [x, y] = await embedder.embedPassages([a, b], signal);
  return x!.reduce((sum, value, axis) => sum + value * y![axis]!, 0);
};

test("lexical, any text, gives a unit vector of 384 finite numbers that does not depend on what came before", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "grapheme", maxLength: 80 }), { maxLength: 5 }), async (texts) => {
      const vectors = await embedder.embedPassages(texts, signal);
      expect(vectors).toHaveLength(texts.length);
      for (const vector of vectors) {
        expect(vector).toHaveLength(384);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 9);
      }
      const fresh = await createLexicalEmbedder().embedPassages(texts.toReversed(), signal);
      expect(fresh.toReversed()).toEqual(vectors);
    }),
  );
});

test("lexical, a known text, gives the vector that is stored in existing indexes", async () => {
  const vector = await embedder.embedQuery("orders-daily a échoué", signal);
  // A change here makes every stored vector incomparable: raise the version in the fingerprint with it.
  expect(embedder.fingerprint).toMatch(/^lexical v1 /);
  expect(vector.reduce((sum, value, axis) => sum + value * Math.sin(axis + 1), 0)).toBeCloseTo(-0.9897876143493536, 9);
});

test.each(["", " \n\t", "?!… — 🚀", "\u0301"])("lexical, %j holds no word, gives a unit vector all the same", async (text) => {
  expect(Math.hypot(...(await embedder.embedQuery(text, signal)))).toBe(1);
});

test.each([
  ["échec", "echec"],
  ["ÉCHEC", "échec"],
  ["échec".normalize("NFD"), "échec"],
  ["Error: disk full", "error disk FULL"],
  ["Error error", "error error"],
  ["l'échec", "l’échec"],
  ["ordersDaily", "orders_daily"],
  ["orders-daily", "orders.daily"],
])("lexical, %j and %j differ in spelling only, are the same vector", async (a, b) => {
  expect(await cosine(a, b)).toBeCloseTo(1, 9);
});

test.each([
  ["échoué", "échec", "réussi"],
  ["échoués", "échouée", "terminée"],
  ["connexions refusées", "connexion refusée", "mémoire insuffisante"],
  ["failed", "failure", "succeeded"],
  ["retries", "retrying", "running"],
  ["orders-daily", "orders daily", "stock daily"],
  ["orders-daily", "ordres-daily", "crm-export"],
  ["ExecutorLostFailure", "executor lost failure", "OutOfMemoryError"],
  ["timeout", "timeuot", "refused"],
  ["connexion refusée", "connection refused", "disque plein"],
  ["pourquoi orders-daily plante ?", "orders-daily Spark KO: ExecutorLostFailure", "crm-export Talend KO: ORA-12541 TNS:no listener"],
  ["exit code 137", "exited with code 137", "exited with code 138"],
])("lexical, %j, is closer to %j than to %j", async (text, related, unrelated) => {
  expect(await cosine(text, related)).toBeGreaterThan((await cosine(text, unrelated)) + 0.05);
});

test("lexical, words repeated, count for less than their number", async () => {
  const once = await cosine("disk", "disk memory");
  const often = await cosine("disk", "disk disk disk disk disk disk disk disk memory");
  expect(often).toBeGreaterThan(once);
  expect(often).toBeLessThan(8 / Math.hypot(8, 1) - 0.01);
});

test("lexical, a question's function words, hardly turn the vector", async () => {
  expect(await cosine("pourquoi est-ce que le pipeline a échoué", "pipeline échoué")).toBeGreaterThan(0.9);
});

test("lexical, aborted in mid-list, rejects with the reason and lets the event loop run", async () => {
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error("enough")));
  const texts = Array.from({ length: 10_000 }, (_, position) => `text ${position}`);
  await expect(embedder.embedPassages(texts, controller.signal)).rejects.toThrow("enough");
});

test("lexical, closed, refuses to embed", async () => {
  const closed = createLexicalEmbedder();
  await closed.close();
  await closed.close();
  await expect(closed.embedQuery("x", signal)).rejects.toMatchObject({ kind: "unexpected", message: "the embedder is closed" });
});
