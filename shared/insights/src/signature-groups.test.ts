import fc from "fast-check";
import { createSignatureGroups, groupOptions, type GroupChanges, type GroupOptions } from "./signature-groups.js";

const nameOf = (text: string, anchor = ""): string => `${anchor}: ${text}`;
const placeIn = (groups: ReturnType<typeof createSignatureGroups>, text: string, anchor = ""): string =>
  groups.place({ tokens: text.split(" "), anchor }, () => nameOf(text, anchor));
/** The groups of texts once all have come: each text's id and, by id, the words its texts have in common. */
function grouped(texts: readonly string[], options: GroupOptions = groupOptions) {
  const groups = createSignatureGroups(options);
  const first = texts.map((text) => placeIn(groups, text));
  const ids = first.map(groups.resolve);
  return { ids, templates: new Map(ids.map((id) => [id, groups.templateOf(id)?.join(" ")])), groups };
}

const people = ["alice", "bernard", "chloe", "dimitri", "elsa", "farid"];

test.each([
  ["in the middle", (word: string) => `invalid user ${word} from the gate`],
  ["at the beginning", (word: string) => `${word} is not allowed to write`],
  ["at the end", (word: string) => `the night job was stopped by ${word}`],
  ["behind a key", (word: string) => `quota exceeded on disk, owner=${word}`],
])("signature groups, five different words %s of otherwise equal texts, are one under the oldest id from then on", (_place, text) => {
  const four = grouped(people.slice(0, 4).map(text));
  expect(new Set(four.ids).size).toBe(4);
  const five = grouped(people.map(text));
  expect(new Set(five.ids)).toEqual(new Set([nameOf(text("alice"))]));
  expect([...five.templates.values()]).toEqual([text("<*>")]);
});

test.each([
  ["two words differ", "Link has been severed", "Connection reset by peer"],
  ["one word differs", "Instance destroyed on node <num>", "Instance spawned on node <num>"],
  ["one word in a French sentence differs", "la session <num> est ouverte", "la session <num> est fermée"],
  ["an exception differs", "task <num> failed: java.io.IOException: x", "task <num> failed: java.lang.IllegalStateException: x"],
  ["a leading name differs", "stg_orders could not be built", "stg_refunds could not be built"],
  ["the number of words differs", "disk is full", "disk is full again"],
])("signature groups, %s, are two", (_case, one, other) => {
  expect(new Set(grouped([one, other]).ids).size).toBe(2);
});

test.each([
  ["variables", "read <num> of <num> rows from <path>", "read <id> of <hex> rows from <url>"],
  ["names with underscores", "cannot read table stg_orders", "cannot read table dim_customers"],
  ["names with dots", "cannot load the class org.shop.Orders", "cannot load the class org.shop.Stock"],
  ["words with digits", "cannot read table orders2024", "cannot read table orders2025"],
])("signature groups, %s differ, are one at once", (_case, one, other) => {
  expect(new Set(grouped([one, other]).ids).size).toBe(1);
});

test("signature groups, many words beside fewer than three others, stay apart", () => {
  expect(new Set(grouped(people.map((word) => `task ${word} failed`)).ids).size).toBe(people.length);
});

test("signature groups, many exceptions in one place, stay apart", () => {
  const texts = people.map((word) => `the nightly load failed with ${word}Exception`);
  expect(new Set(grouped(texts).ids).size).toBe(people.length);
});

test("signature groups, another code, begins a group of its own", () => {
  const groups = createSignatureGroups();
  expect(placeIn(groups, "answered <num> to it", "http 404")).not.toBe(placeIn(groups, "answered <num> to it", "http 503"));
});

test("signature groups, what comes once a place is earned, has the oldest id and moves nobody", () => {
  const groups = createSignatureGroups();
  for (const word of people) placeIn(groups, `invalid user ${word} from the gate`);
  groups.takeChanges();
  const id = placeIn(groups, "invalid user zoe from the gate");
  expect(id).toBe(nameOf("invalid user alice from the gate"));
  expect(groups.takeChanges()).toMatchObject({ born: [{ id }], joined: [] });
});

// Few words in few places, so that places are earned, and earned again behind each other.
const text = fc.array(fc.constantFrom("a", "b", "c", "d", "<num>", "x_y"), { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
const eager: GroupOptions = { ...groupOptions, distinctWords: 3, leastOthers: 1 };
const partition = (texts: readonly string[], ids: readonly string[]): string[] => {
  const members = new Map<string, Set<string>>();
  ids.forEach((id, index) => members.set(id, (members.get(id) ?? new Set<string>()).add(texts[index] ?? "")));
  return [...members.values()].map((group) => [...group].sort().join(" | ")).sort();
};

test("signature groups, any texts in any order, are grouped alike", () => {
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 60 }).chain((texts) => fc.tuple(fc.constant(texts), shuffledOf(texts))),
      ([texts, other]) => {
        expect(partition(other, grouped(other, eager).ids)).toEqual(partition(texts, grouped(texts, eager).ids));
      },
    ),
    { numRuns: 300 },
  );
});
const shuffledOf = (texts: readonly string[]) =>
  fc.array(fc.nat(), { minLength: texts.length, maxLength: texts.length }).map((weights) =>
    texts
      .map((one, index) => [weights[index] ?? 0, one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one),
  );

test("signature groups, any texts, never have two signatures with one template", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
      const { templates } = grouped(texts, eager);
      expect(new Set(templates.values()).size).toBe(templates.size);
    }),
    { numRuns: 300 },
  );
});

test("signature groups, two signatures whose words in common have become the same, are one", () => {
  const cross = (names: readonly string[], things: readonly string[]): string[] => [
    ...names.map((name) => `the user ${name} has locked table ${things[0] ?? ""}`),
    ...things.map((thing) => `the user ${names[0] ?? ""} has locked table ${thing}`),
  ];
  const one = cross(people, ["orders", "stock", "prices", "returns", "refunds"]);
  const other = cross(["gaelle", "hugo", "ines", "jules", "karim"], ["carriers", "invoices", "shops", "zones", "taxes"]);
  const { ids, templates } = grouped([...one, ...other]);
  expect(new Set(ids).size).toBe(1);
  expect([...templates.values()]).toEqual(["the user <*> has locked table <*>"]);
});

test("signature groups, made again from their changes at any moment, go on as if nothing had happened", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 50 }), fc.nat(50), (texts, at) => {
      const whole = createSignatureGroups(eager);
      let resumed = createSignatureGroups(eager);
      const log: GroupChanges[] = [];
      texts.forEach((one, index) => {
        if (index === at) {
          const saved = JSON.parse(JSON.stringify(log)) as GroupChanges[];
          resumed = createSignatureGroups(eager);
          saved.forEach((changes) => resumed.apply(changes));
        }
        expect(placeIn(resumed, one)).toBe(placeIn(whole, one));
        log.push(resumed.takeChanges());
        expect(resumed.templateOf(nameOf(one))).toEqual(whole.templateOf(nameOf(one)));
      });
    }),
    { numRuns: 300 },
  );
});

test("signature groups, the ids that were joined, are exactly those that lead elsewhere", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
      const groups = createSignatureGroups(eager);
      const given = texts.map((one) => placeIn(groups, one));
      const { joined } = groups.takeChanges();
      const gone = new Set(joined.map(({ from }) => from));
      for (const id of given) expect(groups.resolve(id) !== id).toBe(gone.has(id));
    }),
  );
});

test("signature groups, texts that never repeat, hold no more than the bounds", () => {
  const bounds = { ...groupOptions, mostGroups: 200, mostPlaces: 900, mostJoined: 50 };
  const groups = createSignatureGroups(bounds);
  const word = (n: number): string => [...String(n)].map((digit) => "abcdefghij"[Number(digit)]).join("");
  for (let n = 0; n < 5_000; n += 1) placeIn(groups, `${word(n)} met ${word(n % 7)} on the ${word(n % 31)} road of ${word(n % 13)}`);
  const { groups: held, places, joined } = groups.size();
  expect(held).toBeLessThanOrEqual(200);
  expect(places).toBeLessThanOrEqual(900);
  expect(joined).toBeLessThanOrEqual(50);
});
