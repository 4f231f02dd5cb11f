import { createDeadLetterStore, createRunFacts, createSourceHealthStore } from "@flow-rag/stores";
import { answerQuestion, type QuestionAnswer } from "@flow-rag/rag";
import { askedRuns } from "./asked-questions.js";
import { signal, startLiveApi, type LiveApi } from "./live-api.js";

const runs = askedRuns(new Date());
let api: LiveApi;
let direct: (query: string) => Promise<QuestionAnswer>;
beforeAll(async () => {
  api = await startLiveApi({ RATE_LIMIT_QUESTIONS: "0" });
  await api.store(runs);
  const deps = {
    runs: createRunFacts(api.world.state),
    deadLetters: createDeadLetterStore(api.world.state),
    health: createSourceHealthStore(api.world.state),
    evidence: { search: async () => [], nearSignatures: async () => undefined },
    sources: ["flows", "others"],
    newId: () => "direct",
    zone: "Europe/Paris",
    now: () => new Date(),
    log: api.world.log,
  };
  direct = async (query) => await answerQuestion(deps, { query, top_k: 8 }, signal);
}, 60_000);
afterAll(async () => {
  expect(await api.world.lifecycle.close()).toBe(true);
});

const folded = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
/** Failed runs whose error holds a text, counted over the records themselves; one letter with an accent is sought as it is. */
const holding = (text: string, pipeline?: string): number => {
  const same = [...text].length === 1 ? (part: string) => part.toLowerCase() : folded;
  return runs.filter((run) => run.error !== null && same(run.error).includes(same(text)) && (pipeline ?? run.pipeline) === run.pipeline)
    .length;
};

/** Both ways of counting: out of memory over HTTP, and in the database. */
async function answers(query: string): Promise<Pick<QuestionAnswer, "answer" | "facts" | "plan">[]> {
  const { status, body, text } = await api.send("POST", "/query", { body: { query } });
  if (status !== 200) throw new Error(`${query}: ${status} ${text}`);
  return [body as unknown as QuestionAnswer, await direct(query)];
}

const quoted: readonly ((text: string) => string)[] = [
  (text) => `"${text}"`,
  (text) => `« ${text} »`,
  (text) => `“${text}”`,
  (text) => `‘${text}’`,
  (text) => `'${text}'`,
  (text) => `\`${text}\``,
];
const texts = [
  ..."etl_orders etl_crm_export db-12 db-5 java.lang gpg --batch ora_lib $ ^ | } [ : - é e 137 a+ Main$1 y^z heap /data/2 ORA-12541".split(
    " ",
  ),
  ..."etl_nobody features.pkl x% zorglub 10.20.30.40".split(" "),
  "read-only file system /data/3",
  "TNS:no listener (host",
  "secrète manquante",
];
const around = [
  (text: string) => `combien d'échecs avec ${text} ces 30 derniers jours ?`,
  (text: string) => `How many errors contain ${text} in the last 30 days?`,
  (text: string) => `quels pipelines ont l'erreur ${text} ces 30 derniers jours ?`,
];

test("POST /query, texts between quotation marks of every kind, counts the failures that hold each and says what it sought", async () => {
  const faults: string[] = [];
  for (const [index, text] of texts.entries()) {
    const question = (around[index % around.length] as (typeof around)[number])(
      (quoted[Math.floor(index / 2) % quoted.length] as (typeof quoted)[number])(text),
    );
    for (const { answer, facts, plan } of await answers(question)) {
      const said = plan.filters.signatureText === text && answer.includes([...text].slice(0, 3).join(""));
      if (facts?.matching !== holding(text) || !said) faults.push(`${question}: ${facts?.matching} ≠ ${holding(text)}: ${answer}`);
    }
  }
  expect(faults).toEqual([]);
}, 120_000);

test("POST /query, words that stand in errors and are no names, are sought there without quotation marks", async () => {
  const faults: string[] = [];
  for (const text of ["etl_orders", "db-12", "java.lang", "ora_lib", "/data/2", "Main$1", "gpg_nothing"]) {
    const question = `how many failures with ${text} in the last 30 days?`;
    for (const { answer, facts } of await answers(question)) {
      const expected = holding(text) === 0 ? undefined : holding(text);
      if (facts?.matching !== expected) faults.push(`${question}: ${facts?.matching} ≠ ${expected}: ${answer}`);
    }
  }
  expect(faults).toEqual([]);
});

test("POST /query, a name of the data that errors hold as well, is the pipeline where it stands as one, and tells of the errors", async () => {
  const failed = runs.filter(({ pipeline, status }) => pipeline === "orders" && status === "failed").length;
  for (const { answer, facts, plan } of await answers('combien d\'échecs de "orders" ces 30 derniers jours ?')) {
    expect([plan.filters.pipelines, facts?.matching]).toEqual([["orders"], failed]);
    expect(answer).toContain(`${holding("orders")} textes d’erreur de la période le contiennent aussi`);
  }
  for (const { facts, plan } of await answers('combien d\'échecs avec "orders" ces 30 derniers jours ?'))
    expect([plan.filters.pipelines, facts?.matching]).toEqual([[], holding("orders")]);
  // No error holds it: it can only be the name.
  for (const { plan } of await answers('failures with "SSIS" in the last 30 days')) expect(plan.filters.techs).toEqual(["SSIS"]);
});

test("POST /query, a text that is too long to be sought, says so and counts nothing", async () => {
  for (const length of [499, 500, 1_200]) {
    for (const { answer, facts } of await answers(`combien d'échecs avec "${"ab".repeat(length / 2)}${length % 2 ? "a" : ""}" hier ?`)) {
      expect([length, facts === null, answer.includes("trop long pour être cherché")]).toEqual([length, length > 499, length > 499]);
    }
  }
});

test.each(["job-42", "pipeline-inconnu", "data-pipeline", "svc_nobody", "10.20.30.40", "ZorglubSync"])(
  "POST /query, failures of %s that nobody knows, says so and gives no figure",
  async (name) => {
    for (const { answer, facts } of await answers(`combien d'échecs de ${name} la semaine dernière ?`)) {
      expect([answer.includes(`Je ne connais pas \`${name}\``), facts]).toEqual([true, null]);
    }
  },
);
