import fc from "fast-check";
import { createIdentities } from "./record-identity.js";

const hexes = (documents: readonly Record<string, unknown>[], key?: readonly string[]) => {
  const identify = createIdentities(key);
  return documents.map((document) => {
    const identity = identify(document);
    return "hex" in identity ? identity.hex : identity.reason;
  });
};
const monday = [
  { pipeline: "orders", at: "10:00" },
  { pipeline: "crm", at: "09:00" },
];

test("createIdentities, an export that has grown, in any order of records and fields, knows the former records", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ a: fc.integer({ min: 0, max: 3 }), b: fc.constantFrom("x", "y") })),
      fc.array(fc.record({ a: fc.nat(), b: fc.string() })),
      (old, added) => {
        const grown = [...added, ...old].reverse().map(({ a, b }) => ({ b, a }));
        const [before, after] = [new Set(hexes(old)), new Set(hexes(grown))];
        expect([before.size, after.size]).toEqual([old.length, old.length + added.length]);
        expect([...before].filter((hex) => !after.has(hex))).toEqual([]);
      },
    ),
  );
});

test("createIdentities, records by a key, are the same record whatever else changes", () => {
  const [first] = hexes([{ ...monday[0], status: "running" }], ["pipeline", "at"]);
  expect(hexes([{ ...monday[0], status: "KO" }], ["pipeline", "at"])).toEqual([first]);
  expect(hexes([{ pipeline: "orders" }], ["pipeline", "at"])).toEqual(["--key: it has no at"]);
  const identify = createIdentities(["pipeline"]);
  expect([monday[0], monday[0]].map((document) => identify(document ?? {}))).toMatchObject([{ again: false }, { again: true }]);
});

test("createIdentities, ten thousand equal records and ten thousand others, are all told apart", () => {
  const documents = Array.from({ length: 20_000 }, (_, index) => ({ n: index % 2 === 0 ? "same" : index }));
  expect(new Set(hexes(documents)).size).toBe(20_000);
});
