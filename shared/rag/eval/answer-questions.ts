import { furtherCases } from "./answer-conversations.js";
import type { Case, Dataset } from "./case.js";
import { countTemplates } from "./count-templates.js";
import { boundTemplates } from "./bound-templates.js";
import { failed } from "./folds.js";
import { stateTemplates } from "./state-templates.js";
import { runTemplates } from "./run-templates.js";

const templates = [...countTemplates, ...runTemplates, ...stateTemplates, ...boundTemplates];

const spellings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.normalize("NFD").replace(/\p{Mn}/gu, ""),
  (text) => text.replaceAll("'", "’"),
  (text) => text.replace("échec", "éche").replace("failures", "failues").replace("hier", "hierr"),
];

/** Every window with every template in both languages, the phrasing and spelling changing from case to case; then named filters. */
export function casesOf(dataset: Dataset): Case[] {
  const { rows, windows, pipelines, techs } = dataset;
  let turn = 0;
  const cases: Case[] = [];
  const next = (choices: readonly string[]) => choices[turn % choices.length] ?? "";
  const add = (operation: string, text: string, gold: string) => {
    const spell = spellings[turn++ % spellings.length] ?? ((same: string) => same);
    cases.push({ operation, question: spell(text), gold });
  };
  // Every phrase as it is, for a day and for a longer time.
  for (const each of [windows[0], windows[3]]) {
    if (!each) continue;
    const inside = rows.filter((row) => row.at >= each.from && row.at < each.to);
    for (const { operation, fr, en, gold } of templates) {
      for (const phrase of fr) cases.push({ operation, question: phrase.replace("{w}", each.fr), gold: gold(inside, rows, each) });
      for (const phrase of en) cases.push({ operation, question: phrase.replace("{w}", each.en), gold: gold(inside, rows, each) });
    }
  }
  for (const each of windows) {
    const inside = rows.filter((row) => row.at >= each.from && row.at < each.to);
    for (const { operation, fr, en, gold } of templates) {
      add(operation, next(fr).replace("{w}", each.fr), gold(inside, rows, each));
      add(operation, next(en).replace("{w}", each.en), gold(inside, rows, each));
    }
    for (const [kind, names] of [
      ["pipeline", pipelines],
      ["tech", techs],
    ] as const) {
      for (const name of names) {
        const named = inside.filter((row) => row[kind] === name);
        const count = `${failed(named).length} of ${named.length}`;
        add(
          `count ${kind}`,
          next([`combien d'échecs de ${name} {w} ?`, `nombre d'échecs pour ${name} {w}`, `échecs sur ${name} {w} : combien ?`]).replace(
            "{w}",
            each.fr,
          ),
          count,
        );
        add(
          `count ${kind}`,
          next([`how many failures on ${name} {w}?`, `number of failures of ${name} {w}`]).replace("{w}", each.en),
          count,
        );
      }
    }
  }
  return [...cases, ...furtherCases(dataset)];
}
