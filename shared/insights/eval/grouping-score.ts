/**
 * How well a grouping of texts agrees with the gold one.
 * `groupingAccuracy`: share of texts whose group holds exactly the texts of a gold group. `groupF1`: the same of groups, as F1.
 * Source: Zhu et al., "Tools and Benchmarks for Automated Log Parsing", ICSE-SEIP 2019; Khan et al., "Guidelines for Assessing the Accuracy
 * of Log Message Template Identification Techniques", ICSE 2022.
 */
export function scoreGrouping(found: readonly string[], gold: readonly string[]): { groupingAccuracy: number; groupF1: number } {
  const members = (labels: readonly string[]): Map<string, number[]> => {
    const groups = new Map<string, number[]>();
    labels.forEach((label, index) => {
      const group = groups.get(label);
      if (group) group.push(index);
      else groups.set(label, [index]);
    });
    return groups;
  };
  const [foundGroups, goldGroups] = [members(found), members(gold)];
  let texts = 0;
  let groups = 0;
  for (const group of foundGroups.values()) {
    const label = gold[group[0] ?? 0] ?? "";
    if (goldGroups.get(label)?.length !== group.length || !group.every((index) => gold[index] === label)) continue;
    texts += group.length;
    groups += 1;
  }
  return { groupingAccuracy: texts / gold.length, groupF1: (2 * groups) / (foundGroups.size + goldGroups.size) };
}
