/** A found group that is no gold group: how many texts it has, one of them, and the gold groups that they are of. */
type WrongGroup = { readonly texts: number; readonly first: number; readonly gold: readonly string[] };

export type GroupingScore = {
  /** Share of texts whose group holds exactly the texts of a gold group. */
  readonly groupingAccuracy: number;
  /** The same of groups, as F1. */
  readonly groupF1: number;
  /** Of the pairs of texts in one found group those that are in one gold group, and the other way round. 1 where there are no pairs. */
  readonly pairPrecision: number;
  readonly pairRecall: number;
  /** The largest first. */
  readonly wrong: readonly WrongGroup[];
};

/**
 * How well a grouping of texts agrees with the gold one.
 * Source: Zhu et al., "Tools and Benchmarks for Automated Log Parsing", ICSE-SEIP 2019; Khan et al., "Guidelines for Assessing the Accuracy
 * of Log Message Template Identification Techniques", ICSE 2022.
 */
export function scoreGrouping(found: readonly string[], gold: readonly string[]): GroupingScore {
  const [foundGroups, goldGroups] = [groupsOf(found), groupsOf(gold)];
  const wrong: WrongGroup[] = [];
  let texts = 0;
  let groups = 0;
  for (const group of foundGroups.values()) {
    const labels = new Set(group.map((index) => gold[index] ?? ""));
    const [first = 0] = group;
    if (labels.size === 1 && goldGroups.get(gold[first] ?? "")?.length === group.length) {
      texts += group.length;
      groups += 1;
    } else wrong.push({ texts: group.length, first, gold: [...labels] });
  }
  const common = pairsOf(groupsOf(found.map((label, index) => `${label}\n${gold[index] ?? ""}`)));
  return {
    groupingAccuracy: texts / gold.length,
    groupF1: (2 * groups) / (foundGroups.size + goldGroups.size),
    pairPrecision: shareOf(common, pairsOf(foundGroups)),
    pairRecall: shareOf(common, pairsOf(goldGroups)),
    wrong: wrong.sort((a, b) => b.texts - a.texts || a.first - b.first),
  };
}

/** Indexes by label. */
export function groupsOf(labels: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  labels.forEach((label, index) => {
    const group = groups.get(label);
    if (group) group.push(index);
    else groups.set(label, [index]);
  });
  return groups;
}

const pairsOf = (groups: ReadonlyMap<string, readonly number[]>): number =>
  [...groups.values()].reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
const shareOf = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
