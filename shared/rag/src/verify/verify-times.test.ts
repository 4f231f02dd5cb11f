import { english, french } from "../../test/yesterday-grounds.js";
import type { Grounds } from "./grounds.js";
import { verifyText } from "./verify-text.js";

const checksOf = (text: string, grounds: Grounds): string[] => [...new Set(verifyText(text, grounds).map(({ check }) => check))];

test("verifyText, figures by day under a period whose first day was changed, are refused", () => {
  const template =
    "La semaine dernière (27 avr. → 3 mai)\u202F: médiane 463 ms sur 163 exécutions.\nMédiane par jour\u202F:\n• ven. 1er mai\u202F: 832 ms (51)\n• sam. 2 mai\u202F: 1 s (51)\n• dim. 3 mai\u202F: 1 s (61)\n• mar. 28 avr.\u202F: 463 ms (1)";
  const byDay: Grounds = {
    ...french,
    template,
    statements: [],
    records: [],
    list: null,
    window: { from: new Date("2026-04-26T22:00:00Z"), to: new Date("2026-05-03T22:00:00Z") },
  };
  expect(verifyText(template, byDay)).toEqual([]);
  expect(checksOf(template.replace("27 avr.", "28 avr."), byDay)).toContain("window");
});

test("verifyText, a range's end said of another measure and hours said for minutes, are refused", () => {
  const template =
    "Le week-end (2 mai → 3 mai)\u202F: médiane 660 ms, p95 1 s, moyenne 627 ms, de 0 ms à 2 s, sur 112 exécutions.\n• `stock-agg` (Spark), mar. 5 mai 02:28, en échec, 2 min 28 s. «\u202FExecutorLostFailure exited with code 137\u202F» [1]";
  const measured: Grounds = { ...french, template, statements: [], list: null, window: null };
  expect(verifyText(template, measured)).toEqual([]);
  expect(verifyText(template.replace("de 0 ms à 2 s", "2 s au maximum"), measured)).toEqual([]);
  expect(checksOf(template.replace("p95 1 s", "p95 2 s"), measured)).toContain("number");
  expect(checksOf(template.replace("2 min 28 s", "2 h 28 s"), measured)).not.toEqual([]);
});

test("verifyText, the first time said of no date where only dates of a first time are known, is refused", () => {
  const template =
    "Hier (mar. 5 mai)\u202F: 2 échecs sur 40 exécutions (5\u202F%).\n• «\u202FORA-12541: TNS:no listener\u202F»\u202F: 2 fois (100\u202F%)\u202F; première fois 5 mai 04:10, dernière 5 mai 05:12 [2]";
  const seen: Grounds = { ...french, template, statements: [], list: null };
  expect(verifyText(template, seen)).toEqual([]);
  expect(checksOf(`${template}\nC'est la première fois.`, seen)).toContain("claim");
});

test("verifyText, the citations of two pipelines exchanged where all else is the same, are refused", () => {
  const record = (id: number, pipeline: string) => ({ ...french.records[1]!, id: `flows:${id}`, pipeline });
  const template =
    "En février 2026\u202F: dernier échec de 2 pipelines.\n• `crm-export` (Talend), mar. 5 mai 06:10, en échec. «\u202FORA-12541: TNS:no listener\u202F» [1]\n• `stock-agg` (Talend), mar. 5 mai 06:10, en échec. «\u202FORA-12541: TNS:no listener\u202F» [2]";
  const listed: Grounds = {
    ...french,
    template,
    statements: [],
    list: null,
    window: null,
    records: [record(1, "crm-export"), record(2, "stock-agg")],
  };
  expect(verifyText(template, listed)).toEqual([]);
  expect(checksOf(template.replace("[1]", "[0]").replace("[2]", "[1]").replace("[0]", "[2]"), listed)).toContain("citation");
});

test("verifyText, a figure of one hour of a curve changed or an hour given twice, is refused", () => {
  const hours = ["05:00", "06:00", "07:00"].map((hour) => `• 3 May ${hour}: 0 failures`).join("\n");
  const template = `Yesterday (Sun 3 May): 5 failures out of 61 runs (8.2%).\nMaximum: 3 May 12:00, 5 failures.\n${hours}\n• 3 May 12:00: 5 failures of 10 (50%)`;
  const window = { from: new Date("2026-05-02T22:00:00Z"), to: new Date("2026-05-03T22:00:00Z") };
  const now = new Date("2026-05-04T06:00:00Z");
  const byHour: Grounds = { ...english, template, statements: [], records: [], list: null, window, now };
  expect(verifyText(template, byHour)).toEqual([]);
  expect(checksOf(template.replace("06:00: 0", "06:00: 7"), byHour)).toContain("number");
  expect(checksOf(template.replace("12:00: 5", "12:00: 6"), byHour)).toContain("number");
  expect(checksOf(template.replace("06:00: 0", "07:00: 0"), byHour)).toContain("date");
});

test("verifyText, a listed run that is said to have taken as long as another run of its pipeline, is refused", () => {
  const template =
    "En mai\u202F: les 3 exécutions les plus longues.\n1. `stock-agg` (Spark), mar. 5 mai 02:28, en échec, 3 h 12. «\u202FExecutorLostFailure exited with code 137\u202F» [1]\n2. `stock-agg` (Spark), lun. 4 mai 02:28, succès, 2 h 10.\n3. `crm-export` (Talend), lun. 4 mai 06:30, succès, 40 min.";
  const listed: Grounds = { ...french, template, statements: ["`stock-agg`\u202F: médiane 2 h 10."], list: null, window: null };
  expect(verifyText(template, listed)).toEqual([]);
  const exchanged = template.replace("2 h 10", "2 h 9").replace("3 h 12", "2 h 10").replace("2 h 9", "3 h 12");
  expect(checksOf(exchanged, listed)).toContain("number");
  expect(checksOf(template.replace("2 h 10.", "3 h 12."), listed)).toContain("number");
  const said = "En mai, les 3 exécutions les plus longues. `stock-agg` a duré 3 h 12 le 5 mai à 02:28";
  expect(verifyText(`${said} et 2 h 10 le 4 mai à 02:28 [1].`, listed)).toEqual([]);
  expect(checksOf(`${said.replace("5 mai", "4 mai")} [1].`, listed)).toContain("number");
});

test.each([
  [
    "fr",
    "Hier (mar. 5 mai), entre 1 h et 2 h\u202F: 5 échecs.",
    "entre 1 h et 2 h",
    ["entre 2 h et 2 h", "entre 1 h et 5 h", "de 01:00 à 05:00"],
  ],
  [
    "en",
    "Yesterday (Tue 5 May), between 01:00 and 02:00: 5 failures.",
    "between 01:00 and 02:00",
    ["between 01:00 and 05:00", "from 02:00 to 01:00"],
  ],
] as const)(
  "verifyText, hours that are each known (%s) put together as another stretch, are refused",
  (language, template, range, lies) => {
    const statement =
      language === "fr" ? "`orders-daily`\u202F: dernier échec mar. 5 mai 05:00." : "`orders-daily`: last failure Tue 5 May 05:00.";
    const window = { from: new Date("2026-05-04T23:00:00Z"), to: new Date("2026-05-05T00:00:00Z") };
    const hours: Grounds = {
      ...(language === "fr" ? french : english),
      template,
      statements: [statement],
      records: [],
      list: null,
      window,
    };
    expect(verifyText(template, hours)).toEqual([]);
    for (const lie of lies) expect(checksOf(template.replace(range, lie), hours)).toContain("date");
  },
);

test("verifyText, a first time told at the date of the last one, is refused", () => {
  const template =
    "Hier (mar. 5 mai)\u202F: 2 échecs sur 40 exécutions (5\u202F%).\n• «\u202FORA-12541: TNS:no listener\u202F»\u202F: 2 fois (100\u202F%)\u202F; première fois 5 mai 04:10, dernière 5 mai 06:10 [2]";
  const seen: Grounds = { ...french, template, statements: [], list: null };
  expect(verifyText(template, seen)).toEqual([]);
  expect(checksOf(template.replace("dernière 5 mai", "première 5 mai"), seen)).toContain("date");
  expect(checksOf(template.replace("04:10", "06:10"), seen)).toContain("date");
  const said = "Hier, 2 échecs sur 40 exécutions. « ORA-12541: TNS:no listener », vu pour la dernière fois le 5 mai à 06:10 [2].";
  expect(verifyText(said, seen)).toEqual([]);
  expect(checksOf(said.replace("dernière", "première"), seen)).toContain("date");
});

test.each([
  ["fr", "Hier (mar. 5 mai)", "Avant-hier (mar. 5 mai)"],
  ["fr", "Hier (mar. 5 mai)", "Avant-hier"],
  ["en", "Yesterday (Tue 5 May)", "Today (Tue 5 May)"],
] as const)("verifyText, the day of the facts called another day (%s: %s as %s), is refused", (language, told, said) => {
  const dayBefore =
    language === "fr" ? "\nLe lun. 4 mai et aujourd'hui, le 6 mai\u202F: 3 échecs." : "\nOn Mon 4 May and today, 6 May: 3 failures.";
  const grounds = language === "fr" ? french : english;
  const both = { ...grounds, statements: [...grounds.statements, dayBefore.trim()] };
  expect(verifyText(grounds.template, both)).toEqual([]);
  expect(checksOf(grounds.template.replace(told, said), both)).toContain("window");
});

test("verifyText, figures of two hours of the day exchanged, are refused", () => {
  const template =
    "La semaine dernière (27 avr. → 3 mai)\u202F: 59 échecs sur 5\u202F106 exécutions (1,2\u202F%).\nMaximum\u202F: 3 mai 14:00, 8 échecs.\nPar heure de la journée\u202F:\n• 00:00\u202F: 4 échecs sur 203 (2\u202F%)\n• 03:00\u202F: 2 échecs sur 206 (1\u202F%)\n• 14:00\u202F: 10 échecs sur 203 (4,9\u202F%)";
  const window = { from: new Date("2026-04-26T22:00:00Z"), to: new Date("2026-05-03T22:00:00Z") };
  const byHour: Grounds = { ...french, template, statements: [], records: [], list: null, window };
  expect(verifyText(template, byHour)).toEqual([]);
  expect(checksOf(template.replace("00:00", "x").replace("03:00", "00:00").replace("x", "03:00"), byHour)).toContain("number");
  expect(checksOf(template.replace("4 échecs sur 203 (2\u202F%)", "2 échecs sur 206 (1\u202F%)"), byHour)).toContain("number");
  expect(checksOf(`${template}\nUne dizaine d'échecs en tout.`, byHour)).toContain("number");
});

test("verifyText, a measure that a heading gives told as another one, is refused", () => {
  const template =
    "Hier (mar. 5 mai)\u202F: durée médiane 482 ms, p95 887 ms, moyenne 494 ms, sur 67 exécutions.\np95 par jour (exécutions)\u202F:\n• mar. 5 mai\u202F: 887 ms (67)\n• lun. 4 mai\u202F: 1 s (3)";
  const measured: Grounds = { ...french, template, statements: [], records: [], list: null, window: null };
  expect(verifyText(template, measured)).toEqual([]);
  expect(checksOf(template.replace("p95 887 ms", "médiane 887 ms"), measured)).toContain("number");
});
