import type { Case, Dataset } from "./case.js";
import { continuedCases } from "./continued-questions.js";
import { standingQuestions } from "./state-templates.js";
import type { GoldRun } from "./run-fixtures.js";

type Rows = readonly GoldRun[];
const failed = (rows: Rows): Rows => rows.filter(({ status }) => status === "failed");
const share = (rows: Rows): string => `${failed(rows).length} of ${rows.length}`;
const tally = (rows: Rows, keyOf: (row: GoldRun) => string | null): string => {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(keyOf(row) ?? "", (counts.get(keyOf(row) ?? "") ?? 0) + 1);
  return [...counts]
    .map(([key, count]) => `${key}=${count}`)
    .sort()
    .join(" | ");
};

/** Comparisons, causes, texts of errors, environments, what is left out, and questions that continue others; gold by the same plain folds. */
export function furtherCases({ rows, windows, pipelines, techs }: Dataset): Case[] {
  const cases: Case[] = [];
  const add = (operation: string, questions: readonly string[], gold: string, after?: readonly string[]) => {
    for (const question of questions) cases.push({ operation, question, gold, ...(after && { after }) });
  };
  const within = ({ from, to }: { from: number; to: number }): Rows => rows.filter((row) => row.at >= from && row.at < to);
  const [yesterday, dayBefore] = [windows[0], windows[1]];
  if (!yesterday || !dayBefore) return [];
  const [today, former] = [within(yesterday), within(dayBefore)];

  add(
    "compare",
    [
      "échecs hier vs avant-hier",
      "compare les échecs d'hier et d'avant-hier",
      "y a-t-il plus d'échecs hier qu'avant-hier ?",
      "Y a-t-il eu moins d'erreurs hier qu'avant hier ?",
      "différence d'échecs entre avant-hier et hier",
      "les échecs d'hier par rapport à avant-hier",
      "failures yesterday vs the day before yesterday",
      "compare yesterday's failures with the day before",
      "were there more failures yesterday than the day before yesterday?",
    ],
    `${share(today)} vs ${share(former)}`,
  );
  for (const window of windows) {
    const inside = within(window);
    for (const name of [...pipelines, ...techs]) {
      const own = inside.filter((row) => row.pipeline === name || row.tech === name);
      add(
        "explain",
        [`pourquoi ${name} a échoué ${window.fr} ?`, `causes des échecs de ${name} ${window.fr}`, `why did ${name} fail ${window.en}?`],
        `${share(own)}: ${tally(failed(own), ({ signature }) => signature)}`,
      );
      const others = inside.filter((row) => row.pipeline !== name && row.tech !== name);
      add(
        "left out",
        [
          `combien d'échecs ${window.fr} sauf ${name} ?`,
          `nombre d'échecs hors ${name} ${window.fr}`,
          `combien d'échecs ${window.fr}, mais pas ${name} ?`,
          `how many failures ${window.en} except ${name}?`,
          `number of failures excluding ${name} ${window.en}`,
        ],
        share(others),
      );
    }
    const environments = [...new Set(inside.flatMap(({ environment }) => environment ?? []))];
    if (environments.length > 0)
      add(
        "by environment",
        [`échecs par environnement ${window.fr}`, `failures by environment ${window.en}`, `quels environnements ont échoué ${window.fr} ?`],
        tally(failed(inside), ({ environment }) => environment),
      );
    for (const environment of environments) {
      const own = inside.filter((row) => row.environment === environment);
      add(
        "environment",
        [
          `combien d'échecs en ${environment} ${window.fr} ?`,
          `nombre d'échecs sur l'environnement ${environment} ${window.fr}`,
          `how many failures in ${environment} ${window.en}?`,
        ],
        share(own),
      );
    }
    const texts = [...new Set(failed(inside).flatMap(({ error }) => pieceOf(error ?? "") ?? []))].slice(0, 3);
    for (const text of texts) {
      const containing = inside.filter(({ error }) => error?.toLowerCase().includes(text.toLowerCase()));
      add(
        "text",
        [`combien d'erreurs "${text}" ${window.fr} ?`, `how many errors containing "${text}" ${window.en}?`],
        `${failed(containing).length} of ${containing.length}`,
      );
      const ever = rows.filter(({ error }) => error?.toLowerCase().includes(text.toLowerCase()));
      add(
        "similar",
        [`a-t-on déjà vu "${text}" ?`, `have we seen "${text}" before?`, `erreurs similaires à "${text}"`],
        String(ever.length),
      );
    }
    add("follow-up", [`et ${window.fr} ?`], share(inside), ["combien d'échecs avant-hier ?"]);
    add("follow-up", [`and ${window.en}?`], share(inside), ["how many failures the day before yesterday?"]);
    for (const name of techs) {
      const own = inside.filter(({ tech }) => tech === name);
      add("follow-up", [`seulement ${name}`, `et pour ${name} ?`, `uniquement ${name} stp`], share(own), [
        `combien d'échecs ${window.fr} ?`,
      ]);
      add("follow-up", [`only ${name}`, `what about ${name}?`], share(own), [`how many failures ${window.en}?`]);
      add("follow-up", [`et ${window.fr} ?`], share(own), ["combien d'échecs avant-hier ?", `seulement ${name}`]);
      add("follow-up", [`sauf ${name}`], share(inside.filter(({ tech }) => tech !== name)), [`combien d'échecs ${window.fr} ?`]);
    }
  }
  for (const { operation, questions, gold } of standingQuestions) add(operation, questions, gold(rows));
  for (const { question, after, gold } of continuedCases({ rows, windows, techs })) add("follow-up", [question], gold, after);
  const [first, second] = techs;
  if (first !== undefined && second !== undefined)
    add(
      "compare names",
      [
        `compare les échecs de ${first} et ${second} hier`,
        `échecs ${first} vs ${second} hier`,
        `compare failures of ${first} and ${second} yesterday`,
      ],
      [first, second]
        .filter((name) => today.some(({ tech }) => tech === name))
        .map((name) => `${name}=${failed(today.filter(({ tech }) => tech === name)).length}`)
        .sort()
        .join(" | "),
    );
  return cases;
}

/** Three words of an error that hold no quote and no number, so that it can be asked for. */
function pieceOf(error: string): string | undefined {
  return /(?<![\p{L}\d_])\p{L}{4,} \p{L}{2,} \p{L}{3,}(?![\p{L}\d_])/u.exec(error.split("\n")[0] ?? "")?.[0];
}
