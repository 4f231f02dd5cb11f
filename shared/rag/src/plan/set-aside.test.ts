import { planQuestion } from "./plan-question.js";
import { courtesies } from "./set-aside.js";

const context = {
  now: new Date("2026-05-06T06:00:00Z"),
  zone: "Europe/Paris",
  catalogue: { pipelines: ["orders-daily", "client"], techs: ["Spark"], environments: ["prod"] },
};
const plan = (text: string) => planQuestion(text, context);

test.each([
  ["Bonjour l'équipe, combien d'échecs hier ? Merci d'avance !", "combien d'échecs hier ?"],
  ["Hi Bob! how many failures yesterday? Thanks a lot", "how many failures yesterday?"],
  ["Good morning! any failures yesterday?", "any failures yesterday?"],
  ["qui a planté hier ? Bonne soirée", "qui a planté hier ?"],
  ["Un collègue râle. Qui a planté hier ?", "Qui a planté hier ?"],
  ["A customer is complaining. Which jobs failed yesterday?", "Which jobs failed yesterday?"],
])("planQuestion, a message around a question, is the question: %s", (message, question) => expect(plan(message)).toEqual(plan(question)));

test.each(["bonjour", "ok merci", "merci beaucoup !", "thanks", "Salut à tous !"])(
  "courtesies, a message of nothing else, sets nothing aside: %s",
  (text) => expect(courtesies(text)).toEqual([]),
);

test.each([
  ["Liste les échecs d'hier. Groupe-les par client.", ["client"]],
  ["Qui a planté hier ? Seulement la gamme alpha.", ["gamme", "alpha"]],
])("planQuestion, a sentence that narrows the question before, is no remark: %s", (text, words) => {
  const { unresolved, filters } = plan(text);
  const said = [...unresolved.map(({ text: word }) => word), ...filters.pipelines];
  expect(said).toEqual(expect.arrayContaining(words));
});

test("planQuestion, a greeting to a pipeline's name, keeps the name", () =>
  expect(plan("Bonjour orders-daily, un échec hier ?").filters.pipelines).toEqual(["orders-daily"]));
