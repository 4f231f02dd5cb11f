import { wordsOf, type Catalogue, type Entry, type NameKind } from "./names.js";

/** The names of a catalogue, by what questions look them up by. */
export type NameIndex = {
  readonly entries: readonly Entry[];
  readonly byKey: ReadonlyMap<string, readonly Entry[]>;
  /** Names of several words by each run of their words, spaces between them. */
  readonly byRun: ReadonlyMap<string, readonly Entry[]>;
  /** Names of several words by the length of their key. */
  readonly byLength: ReadonlyMap<number, readonly Entry[]>;
  /** First words of the names of several words. */
  readonly firstWords: ReadonlySet<string>;
  /** Words of the longest name. */
  readonly longest: number;
};
const indexes = new WeakMap<Catalogue, NameIndex>();

/** Made once a catalogue. */
export function indexOf(catalogue: Catalogue): NameIndex {
  const known = indexes.get(catalogue) ?? indexNames(catalogue);
  indexes.set(catalogue, known);
  return known;
}

/** Words of a name that are looked at as a part of it: a question never says more of a name that it shortens. */
export const longestRun = 10;

function indexNames(catalogue: Catalogue): NameIndex {
  const entries = entriesOf(catalogue);
  const byKey = new Map<string, Entry[]>();
  for (const entry of entries) push(byKey, entry.key, entry);
  for (const [key, entry] of lastParts(entries)) if (!byKey.has(key)) byKey.set(key, [entry]);
  const long = entries.filter(({ words }) => words.length > 1);
  const [byRun, byLength] = [new Map<string, Entry[]>(), new Map<number, Entry[]>()];
  for (const entry of long) {
    push(byLength, entry.key.length, entry);
    for (const run of runsOf(entry.words)) push(byRun, run, entry);
  }
  return {
    entries,
    byKey,
    byRun,
    byLength,
    firstWords: new Set(long.map(({ words: [first = ""] }) => first)),
    longest: entries.reduce((most, { words }) => Math.max(most, words.length), 1),
  };
}

function push<Key>(map: Map<Key, Entry[]>, key: Key, entry: Entry): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}

function runsOf(words: readonly string[]): Set<string> {
  const runs = new Set<string>();
  for (let first = 0; first < words.length; first++)
    for (let size = 2; size <= longestRun && first + size <= words.length; size++) runs.add(words.slice(first, first + size).join(" "));
  return runs;
}

/** "guice" for google/guice: the last part of a path, where no other name ends with it. */
function lastParts(entries: readonly Entry[]): Map<string, Entry> {
  const found = new Map<string, Entry | undefined>();
  for (const entry of entries) {
    const words = entry.name.includes("/") ? wordsOf(entry.name.slice(entry.name.lastIndexOf("/"))) : [];
    const key = words.map(({ text }) => text).join("");
    if (key.length >= shortestPart) found.set(key, found.has(key) ? undefined : entry);
  }
  return new Map([...found].flatMap(([key, entry]) => (entry ? [[key, entry] as const] : [])));
}
const shortestPart = 3;

function entriesOf(catalogue: Catalogue): readonly Entry[] {
  const kinds: readonly (readonly [NameKind, readonly string[]])[] = [
    ["pipeline", catalogue.pipelines],
    ["tech", catalogue.techs],
    ["environment", catalogue.environments ?? []],
  ];
  const entries = kinds.flatMap(([kind, names]) =>
    names.flatMap((name): Entry[] => {
      const words = wordsOf(name).map(({ text }) => text);
      return words.length === 0 ? [] : [entryOf(kind, name, words)];
    }),
  );
  const keys = new Set(entries.map(({ key }) => key));
  const aliases = entries.flatMap((entry) => {
    const family = entry.kind === "environment" ? environmentFamilies.find((names) => names.includes(entry.key)) : undefined;
    return (family ?? []).flatMap((alias) => (keys.has(alias) ? [] : [entryOf(entry.kind, entry.name, [alias])]));
  });
  return [...entries, ...aliases];
}

const entryOf = (kind: NameKind, name: string, words: readonly string[]): Entry => {
  const key = words.join("");
  return { kind, name, words, key, letters: lettersOf(key) };
};

/** What one environment is called: "en production" is the data's "prod". */
const environmentFamilies: readonly (readonly string[])[] = [
  ["prod", "production", "prd"],
  ["preprod", "preproduction", "ppd"],
  ["dev", "development", "developpement"],
  ["rec", "recette"],
];

/** Which letters a text has, as bits; others than a to z share the last ones. */
export function lettersOf(text: string): number {
  let letters = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index) - 97;
    letters |= code >= 0 && code < 26 ? 1 << code : 1 << (26 + (text.charCodeAt(index) % 5));
  }
  return letters;
}

/** False where two texts differ in more letters than so many typing errors explain: one of them changes two at most. */
export function mayBeNear(a: number, b: number, errors: number): boolean {
  let different = a ^ b;
  let count = 0;
  while (different !== 0 && count <= 2 * errors) {
    different &= different - 1;
    count += 1;
  }
  return count <= 2 * errors;
}
