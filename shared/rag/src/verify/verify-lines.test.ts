import { french, english } from "../../test/yesterday-grounds.js";
import type { Grounds } from "./grounds.js";
import { verifyText } from "./verify-text.js";

const checksOf = (text: string, grounds: Grounds): string[] => [...new Set(verifyText(text, grounds).map(({ check }) => check))];
const bare = { statements: [], records: [], list: null, scope: [] };
const nearest: Grounds = {
  ...french,
  ...bare,
  names: { ...french.names, environment: ["prod", "preprod"], tech: ["Talend", "Kafka Connect"] },
  window: { from: new Date("2026-04-22T22:00:00Z"), to: new Date("2026-05-05T22:00:00Z") },
  template: `Du 23 avr. au 5 mai\u202F: 0 échec sur 40 exécutions (0\u202F%).
Erreurs les plus proches\u202F:
• «\u202FORA-12541: TNS:no listener\u202F»\u202F: 3 exécutions, du 29 avr. 06:10 au 5 mai 06:10\u202F; \`crm-export\`, Talend, \`prod\`.
• «\u202FBroker not available\u202F»\u202F: 2 exécutions, du 24 avr. 06:10 au 4 mai 06:10\u202F; \`hr-sync\`, Kafka Connect, \`preprod\`.`,
};
test.each([
  ["environment", "Talend, `prod`", "Talend, `preprod`"],
  ["techno", "`crm-export`, Talend", "`crm-export`, Kafka Connect"],
  ["day, one of the window's ends", "du 29 avr. 06:10", "du 23 avr. 06:10"],
  ["day, that of another error", "du 29 avr. 06:10", "du 24 avr. 06:10"],
])("verifyText, a line on an error with the %s of elsewhere, is refused", (_, from, by) => {
  expect(verifyText(nearest.template, nearest)).toEqual([]);
  expect(checksOf(nearest.template.replace(from, by), nearest)).not.toEqual([]);
  const prose = nearest.template.replaceAll("\n• ", "\n");
  expect(verifyText(prose, nearest)).toEqual([]);
  expect(checksOf(prose.replace(from, by), nearest)).not.toEqual([]);
});

const top: Grounds = {
  ...french,
  ...bare,
  template: `Hier (mar. 5 mai)\u202F: 12 échecs sur 40 exécutions (30\u202F%), sur 7 pipelines.
1. \`orders-daily\` (Spark)\u202F: 5 échecs
2. \`crm-export\` (Talend)\u202F: 3 échecs
3. \`stock-agg\` (Spark)\u202F: 2 échecs
• et 4 autres`,
};
const required = top.template.split("\n").flatMap((line) => (/^\d/.test(line) ? [{ line, figures: "none" as const }] : []));
test.each([
  ["a rank of another line", (text: string) => text.replace("3. ", "1. ")],
  ["two lines exchanged under their numbers", (text: string) => text.replace(/1\. (.*)\n2\. (.*)/, "1. $2\n2. $1")],
  ["a line left out", (text: string) => text.replace(/2\. .*\n/, "")],
  ["a line left out and counted wrong", (text: string) => text.replace(/2\. .*\n/, "").replace("4 autres", "6 autres")],
])("verifyText, a ranking with %s, is refused", (_, change) => {
  const asked = { ...top, required };
  expect(verifyText(top.template, asked)).toEqual([]);
  expect(checksOf(change(top.template), asked)).not.toEqual([]);
});
test.each([
  "Hier, 12 échecs : `orders-daily` (5), `crm-export` (3) et `stock-agg` (2).",
  "Hier, 12 échecs : `orders-daily` (5), `crm-export` (3) et 5 autres.",
  "1. `orders-daily` (Spark) : 5 échecs\n2. `crm-export` : 3 échecs\n3. `stock-agg` : 2 échecs\nHier, 12 échecs en tout.",
])("verifyText, a ranking told in other words and whole, finds nothing: %j", (text) =>
  expect(verifyText(text, { ...top, required })).toEqual([]),
);

const told = (language: "fr" | "en", last: string): Grounds => ({
  ...(language === "fr" ? french : english),
  template: `${(language === "fr" ? french : english).template}\n${last}`,
});
const seen = "Déjà vu\u202F: 14 fois avant cette fenêtre, la dernière le 2 mai 06:10, sur `orders-daily`.";
test.each<[string, Grounds, string]>([
  ["seen of what never was", told("en", "Never seen before this window."), "Seen before this window."],
  ["seen of what never was, in French", told("fr", "Jamais vu avant cette fenêtre."), "Vu avant cette fenêtre."],
  ["already known of what never was", told("fr", "Jamais vu avant cette fenêtre."), "Cette erreur est connue avant cette fenêtre."],
  ["never seen of what was", told("fr", seen), "Jamais vu avant cette fenêtre."],
  ["not seen before of what was", told("en", "Seen before: 14 times before this window."), "It was not seen before this window."],
])("verifyText, %s, is refused", (_, grounds, lie) => {
  const lines = grounds.template.split("\n");
  expect(verifyText(grounds.template, grounds)).toEqual([]);
  expect(checksOf([...lines.slice(0, -1), lie].join("\n"), grounds)).toContain("claim");
});

test("verifyText, how a pipeline stands without that it had no run in the window, is refused", () => {
  const template =
    "`crm-export` (Talend)\u202F: dernier passage le 29 avr. 06:10, en succès, 33 fois de suite depuis le 1 avr. 06:10.\nCette semaine (4 mai → 5 mai), `crm-export`\u202F: 0 exécution.";
  const [state = "", none = ""] = template.split("\n");
  const idle: Grounds = {
    ...french,
    ...bare,
    template,
    scope: ["crm-export"],
    window: { from: new Date("2026-05-03T22:00:00Z"), to: new Date("2026-05-05T22:00:00Z") },
    required: [
      { line: state, figures: "none" },
      { line: none, figures: "first" },
    ],
  };
  expect(verifyText(template, idle)).toEqual([]);
  expect(checksOf(state, idle)).toContain("claim");
  expect(verifyText(`${state}\nAucune exécution cette semaine pour \`crm-export\`.`, idle)).toEqual([]);
});

test("verifyText, one side of a comparison left out, is refused", () => {
  const template = "Hier (mar. 5 mai) par rapport à avant-hier.\n• Exécutions\u202F: 40 contre 36 (+4)\n• Échecs\u202F: 12 contre 8 (+4)";
  const line = template.split("\n")[2] ?? "";
  const compared: Grounds = { ...french, ...bare, template, window: null, required: [{ line, figures: "all" }] };
  expect(verifyText(template, compared)).toEqual([]);
  expect(checksOf(template.replace(" contre 8 (+4)", ""), compared)).toContain("claim");
  expect(checksOf(template.replace(`\n${line}`, ""), compared)).toContain("claim");
});
