import fc from "fast-check";
import { createDrain, drainOptions, type DrainCluster } from "./drain.js";

const place = (drain: ReturnType<typeof createDrain>, text: string, anchor = "") =>
  drain.place({ tokens: text.split(" "), anchor }, () => `${anchor}: ${text}`);

test("drain, texts that differ in less than half of their words, share a cluster that keeps its first id", () => {
  const drain = createDrain();
  place(drain, "link to node alpha lost");
  const { cluster, change } = place(drain, "link to node beta lost");
  expect(cluster).toMatchObject({ id: ": link to node alpha lost", tokens: ["link", "to", "node", "<*>", "lost"] });
  expect(change).toBe("widened");
  expect(place(drain, "link to node gamma lost").change).toBe("known");
});

test.each([
  ["another number of words", "link to node alpha", "http 404"],
  ["other first words", "path to node alpha lost", "http 404"],
  ["too few common words", "link to nobody but me", "http 404"],
  ["another code", "link to node alpha lost", "http 503"],
])("drain, %s, begins a cluster of its own", (_case, text, anchor) => {
  const drain = createDrain();
  place(drain, "link to node alpha lost", "http 404");
  expect(place(drain, text, anchor)).toMatchObject({ cluster: { id: `${anchor}: ${text}` }, change: "born" });
});

const words = fc.array(fc.constantFrom("a", "b", "c", "d", "<num>"), { minLength: 1, maxLength: 6 });

test("drain, any texts, never gives two clusters one template", () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), (texts) => {
      const drain = createDrain();
      let next = 0;
      for (const tokens of texts) drain.place({ tokens, anchor: "" }, () => String((next += 1)));
      const templates = drain.clusters().map(({ tokens }) => tokens.join(" "));
      expect(new Set(templates).size).toBe(templates.length);
    }),
  );
});

test("drain, restored from its clusters at any moment, goes on as if nothing had happened", () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), fc.nat(40), (texts, at) => {
      const whole = createDrain();
      let resumed = createDrain();
      texts.forEach((tokens, index) => {
        if (index === at) {
          const saved = JSON.parse(JSON.stringify(resumed.clusters())) as DrainCluster[];
          resumed = createDrain();
          saved.forEach((cluster) => resumed.restore(cluster));
        }
        const newId = (): string => `${index}`;
        expect(resumed.place({ tokens, anchor: "" }, newId).cluster.id).toBe(whole.place({ tokens, anchor: "" }, newId).cluster.id);
      });
    }),
  );
});

test("drain, ten thousand different first words, keeps its nodes bounded", () => {
  const drain = createDrain();
  for (let index = 0; index < 10_000; index += 1)
    place(drain, `${String.fromCharCode(97 + (index % 26))}${"x".repeat(index % 400)} same tail of words`);
  expect(drain.clusters().length).toBeLessThanOrEqual(101);
});

test("drain, texts that never repeat, are compared with the youngest of their leaf alone", () => {
  const texts = ["1 2 3 a b c d", "1 2 3 e f g h", "1 2 3 i j k l", "1 2 3 a b c z"];
  const bornWith = (maxCompared: number): number => {
    const drain = createDrain({ ...drainOptions, prefixTokens: 3, similarity: 0.8, maxCompared });
    texts.forEach((text) => place(drain, text));
    return drain.clusters().length;
  };
  expect([bornWith(3), bornWith(2)]).toEqual([3, 4]);
});
