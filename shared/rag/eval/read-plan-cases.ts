/** One question and the plan it has to become, as a line of plan-questions.txt says it. */
export type PlanCase = {
  readonly question: string;
  readonly window: string;
  readonly operations: readonly string[];
  readonly details: ReadonlyMap<string, string>;
  readonly now: Date;
  readonly zone: string;
  readonly catalogue: string;
};

/** The cases of a text; its format stands in the head of plan-questions.txt. */
export function readPlanCases(text: string): PlanCase[] {
  let block: Pick<PlanCase, "now" | "zone" | "catalogue"> | undefined;
  const cases: PlanCase[] = [];
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("now ")) {
      const [, instant = "", zone = "", catalogue = ""] = line.split(" ");
      block = { now: new Date(instant), zone, catalogue };
      continue;
    }
    const at = line.lastIndexOf(" => ");
    if (at === -1 || !block) throw new Error(`plan-questions.txt: not a case: ${line}`);
    const [window = "", operations = "", ...details] = line.slice(at + 4).split(" ; ");
    cases.push({
      question: line.slice(0, at),
      window,
      operations: operations.split("|"),
      details: new Map(details.map(readDetail)),
      ...block,
    });
  }
  return cases;
}

const known = new Set(
  "pipeline tech environment status not-pipeline not-tech not-environment by limit measure text min max more-than at-least less-than at-most compared unresolved only without language".split(
    " ",
  ),
);

function readDetail(detail: string): [string, string] {
  const [, key = "", value = ""] = /^([a-z-]+)(?:=(.*))?$/.exec(detail) ?? [];
  if (!known.has(key)) throw new Error(`plan-questions.txt: not a detail: ${detail}`);
  return [key, value];
}
