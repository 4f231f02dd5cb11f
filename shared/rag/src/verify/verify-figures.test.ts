import { english, french } from "../../test/yesterday-grounds.js";
import type { Grounds } from "./grounds.js";
import { verifyText } from "./verify-text.js";

const checksOf = (text: string, grounds: Grounds): string[] => [...new Set(verifyText(text, grounds).map(({ check }) => check))];

test.each([
  ["fr", "12 échecs sur 3\u202F412 exécutions (0,4\u202F%)", "7 échecs sur 3\u202F412 exécutions (0,4\u202F%)"],
  ["fr", "12 échecs sur 3\u202F412 exécutions (0,4\u202F%)", "12 échecs sur 900 exécutions (0,4\u202F%)"],
  ["en", "12 failures out of 3,412 runs (0.4%)", "7 failures out of 900 runs (0.4%)"],
] as const)("verifyText, figures that are each known and do not fit each other (%s: %s as %s), are refused", (language, told, said) => {
  const grounds = language === "fr" ? french : english;
  expect(checksOf(grounds.template.replace(told, said), grounds)).toContain("number");
});

test("verifyText, a whole told as the part of it and a part told as the whole, are refused", () => {
  const template = "Yesterday (Tue 5 May): 8 failures out of 67 runs (11.9%), in 2 of 41 pipelines.\n• Tue 5 May: 8 failures of 67 (11.9%)";
  const counted: Grounds = { ...english, template, statements: [], records: [], list: null };
  expect(verifyText(template, counted)).toEqual([]);
  expect(checksOf(template.replaceAll(" (11.9%)", "").replaceAll("8 failures", "67 failures"), counted)).toContain("number");
  expect(checksOf(template.replaceAll(" (11.9%)", "").replaceAll("67", "8"), counted)).toContain("number");
  expect(checksOf(template.replace("2 of 41", "2 of 2"), counted)).toContain("number");
});

test.each([
  ["fr", "3 fois de suite", ["2 fois de suite", "11 fois d'affilée"]],
  ["en", "3 times in a row", ["2 times in a row", "2 consecutive times"]],
] as const)("verifyText, runs in a row that the facts do not tell (%s), are refused", (language, told, lies) => {
  const grounds = language === "fr" ? french : english;
  const since =
    language === "fr"
      ? "`crm-export` (Talend)\u202F: en échec, 3 fois de suite depuis le 5 mai 06:10."
      : "`crm-export` (Talend): failed, 3 times in a row since 5 May 06:10.";
  const template = `${grounds.template}\n• ${since}`;
  const both: Grounds = {
    ...grounds,
    template,
    statements: [...grounds.statements, language === "fr" ? "`crm-export`\u202F: 2 échecs." : "`crm-export`: 2 failures."],
  };
  const said = (row: string) => template.replace(told, row);
  expect(verifyText(template, both)).toEqual([]);
  for (const lie of lies) expect(verifyText(said(lie), both)).not.toEqual([]);
});

test("verifyText, a citation at a line's end and a name with its techno on the next, are no link", () => {
  const said = `${french.template}\n\`crm-export\` (Talend)\u202F: 3 échecs [2].`;
  expect(verifyText(said, french)).toEqual([]);
});

test("verifyText, a techno in brackets that another pipeline has, is refused", () => {
  const template =
    "Hier (mar. 5 mai)\u202F: 3 échecs sur 40 exécutions (7,5\u202F%), dans 2 technos, Talend et Spark.\n• `crm-export` (Talend)\u202F: 2 échecs.\n• `orders-daily` (Spark)\u202F: 1 échec. «\u202Fcode 137\u202F» [1]";
  const listed: Grounds = { ...french, template, statements: ["`crm-export`, `orders-daily`, Talend et Spark ont échoué."], list: null };
  expect(verifyText(template, listed)).toEqual([]);
  expect(checksOf(template.replace("(Talend)", "(Spark)"), listed)).toContain("name");
});

test("verifyText, a span of durations whose ends are known of something else, is refused", () => {
  const template =
    "Hier (mar. 5 mai)\u202F: 3 échecs sur 40 exécutions (7,5\u202F%).\nDurée avant l'échec 1 min 18 s à 5 min 05 s (médiane d'un succès 1 min 19 s). «\u202FORA-12541: TNS:no listener\u202F» [2]";
  const spans: Grounds = { ...french, template, statements: [], list: null };
  expect(verifyText(template, spans)).toEqual([]);
  expect(checksOf(template.replace("1 min 18 s", "1 min 19 s"), spans)).toContain("number");
});

test("verifyText, a figure where a year stands, is refused", () => {
  const template = "En 2015\u202F: 12 échecs sur 15 exécutions (80\u202F%). «\u202FORA-12541: TNS:no listener\u202F» [2]";
  const year: Grounds = { ...french, template, statements: [], list: null, window: null };
  expect(checksOf(template.replace("En 2015", "En 12"), year)).toContain("date");
});

test("verifyText, an error told of a pipeline that had another one, or oftener than it had it, is refused", () => {
  const template =
    "Hier (mar. 5 mai)\u202F: 9 échecs sur 40 exécutions (22,5\u202F%), de 2 erreurs différentes.\n• «\u202FORA-12541: TNS:no listener\u202F»\u202F: 5 fois, 2 pipelines\u202F: `crm-export` (3), `stock-agg` (2) [2]\n• «\u202Fcode 137\u202F»\u202F: 4 fois, 1 pipeline\u202F: `crm-export` (4) [1]\n• `orders-daily` (Spark)\u202F: 3 succès.";
  const errors: Grounds = { ...french, template, statements: ["`orders-daily` a échoué."], list: null };
  expect(verifyText(template, errors)).toEqual([]);
  expect(checksOf(template.replace("1 pipeline\u202F: `crm-export` (4)", "1 pipeline\u202F: `crm-export` (3)"), errors)).toContain("claim");
  expect(checksOf(template.replace("1 pipeline\u202F: `crm-export` (4)", "1 pipeline\u202F: `stock-agg` (4)"), errors)).toContain("claim");
  expect(checksOf(template.replace("`stock-agg` (2)", "`orders-daily` (2)"), errors)).toContain("claim");
});

test("verifyText, a text that ends within a bracket or a quotation, is refused", () => {
  expect(checksOf(`${french.template}\n12 échecs (7 pour Spark, 3`, french)).toContain("form");
  expect(checksOf(`${french.template}\n3 échecs pour Talend. « ORA-12541`, french)).toContain("form");
});

test("verifyText, a count of what was seen before cut to a figure of the period, is refused", () => {
  const template =
    "Hier (mar. 5 mai)\u202F: 5 échecs sur 61 exécutions (8,2\u202F%).\n• «\u202FORA-12541: TNS:no listener\u202F»\u202F: 5 fois (100\u202F%), 2 pipelines\u202F: `crm-export` (1), `stock-agg` (4) [2]\nDéjà vu\u202F: 14 fois avant cette fenêtre.";
  const seen: Grounds = { ...french, template, statements: [], list: null, scope: ["crm-export"] };
  expect(verifyText(template, seen)).toEqual([]);
  expect(checksOf(template.replace("14 fois avant cette fenêtre.", "1"), seen)).toContain("number");
  expect(checksOf(template.replace("14 fois", "5 fois"), seen)).toContain("number");
});

test.each(Object.getOwnPropertyNames(Object.prototype))("verifyText, %s as a word, is a word that no fact says", (word) => {
  expect(verifyText(`${french.template}\nSoit ${word} échecs, le ${word} de Spark.`, french)).not.toEqual([]);
  expect(verifyText(`${english.template}\nThat is one ${word} and ${word} failures.`, english)).not.toEqual([]);
});
