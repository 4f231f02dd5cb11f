import fc from "fast-check";
import { english, french } from "../../test/yesterday-grounds.js";
import type { Grounds } from "./grounds.js";
import { verifyText } from "./verify-text.js";

const checksOf = (text: string, grounds: Grounds): string[] => [...new Set(verifyText(text, grounds).map(({ check }) => check))];

test.each([
  french.template,
  "Hier, mardi 5 mai, 12 exécutions sur 3 412 ont échoué (0,4 %), sur trois technos. Spark est la plus touchée avec 7 échecs, dont 5 sur `orders-daily` [1]. Talend compte 3 échecs [2], et dbt 2.",
  "12 échecs hier sur 3 412 exécutions, soit 0,4 %. Spark concentre 7 échecs (orders-daily : 5, stock-agg : 2), surtout « code 137 » [1]. Talend : 3 échecs [2]. dbt : 2 échecs [3].",
  "Hier, 12 échecs ont été observés sur 3412 exécutions. Les 3 technos touchées sont Spark (7), Talend (3) et dbt (2) [1][2][3].",
  "Le 5 mai 2026, douze échecs : 7 pour Spark, 3 pour Talend et 2 pour dbt [1] [2] [3].",
  "Hier (mar. 5 mai), 12 échecs sur 3 412 exécutions, répartis sur 3 technos [1].",
  "Sur 3 412 exécutions hier, 12 ont échoué. Avec 7 échecs, Spark arrive en tête [1] ; Talend suit avec 3 échecs [2] et dbt avec 2 échecs [3].",
  "Hier, Spark a échoué 7 fois, Talend 3 fois et dbt 2 fois, soit 12 échecs au total [1].",
  "12 échecs hier. La durée médiane de `orders-daily` est de 200 secondes [1].",
])("verifyText, a truthful French text, finds nothing: %j", (text) => expect(verifyText(text, french)).toEqual([]));

test.each([
  english.template,
  "Yesterday (5 May), 12 of 3,412 runs failed (0.4%), in three technos. Spark had 7 failures, 5 of them on `orders-daily` [1].",
  "On May 5, 2026 there were twelve failures out of 3,412 runs: Spark 7, Talend 3 and dbt 2 [1][2][3].",
  'Yesterday 12 runs failed. Spark leads with 7 failures, mostly "code 137" [1], then Talend with 3 failures [2] and dbt with 2 [3].',
])("verifyText, a truthful English text, finds nothing: %j", (text) => expect(verifyText(text, english)).toEqual([]));

test.each([
  ["number", "Hier, 13 échecs sur 3 412 exécutions [1]."],
  ["number", "Hier, treize échecs sur 3 412 exécutions [1]."],
  ["number", "Hier, 3 412 échecs sur 12 exécutions [1]."],
  ["number", "Hier, 12 échecs. Spark : 3 échecs, Talend : 7 échecs, dbt : 2 échecs [1]."],
  ["number", "Hier, 12 échecs, dont 7 sur Talend [2]."],
  ["number", "Hier, 7 échecs, Spark en tête [1]. 12 échecs au total."],
  ["number", "Hier, 12 échecs sur 3 412 exécutions (0,5 %) [1]."],
  ["number", "Hier, 12 échecs sur 3 412 exécutions, une vingtaine sur Spark [1]."],
  ["number", "Hier, une dizaine d'échecs sur 3 412 exécutions [1]. 12"],
  ["number", "Hier, 12 échecs, le double de la veille [1]."],
  ["number", "Hier, 12 échecs, deux fois plus [1]."],
  ["number", "Hier, 12 échecs ; Spark, environ la moitié [1]."],
  ["number", "Hier, 12 échecs. La durée médiane de `orders-daily` est de 90 secondes [1]."],
  ["number", "Hier, 12 échecs. La durée médiane de `orders-daily` est de 1 h 05 [1]."],
  ["number", "Hier, 12 échecs. La durée moyenne de `orders-daily` est de 2 jours [1]."],
  ["number", "Hier, 12 échecs. Spark (7) et 4 autres technos [1]."],
  ["number", "Hier, 12 succès sur 3 412 exécutions [1]."],
  ["date", "Hier (lun. 4 mai), 12 échecs [1]."],
  ["date", "Hier (lun. 5 mai), 12 échecs [1]."],
  ["date", "Le 5 mai 2025, 12 échecs [1]."],
  ["date", "Aujourd'hui, 12 échecs sur 3 412 exécutions [1]."],
  ["date", "La semaine dernière, 12 échecs [1]."],
  ["date", "Jeudi, 12 échecs [1]."],
  ["date", "Hier, 12 échecs, dont 7 pour Spark à 08h15 [1]."],
  ["name", "Hier, 12 échecs. hr-sync a aussi échoué [1]."],
  ["name", "Hier, 12 échecs, dont billing-sync [1]."],
  ["name", "Hier, 12 échecs, dont `orders-daily-v2` [1]."],
  ["name", "Hier, 12 échecs. Le pipeline facturation a échoué aussi [1]."],
  ["name", "Hier, 12 échecs à cause d'une saturation du réseau [1]."],
  ["name", "Hier, 12 échecs [1]. Redémarrez le serveur."],
  ["name", "Hier, 12 échecs, « disque plein » sur Spark [1]."],
  ["name", "Hier, 12 échecs ; Talend (orders-daily) [2]."],
  ["polarity", "Hier, 12 échecs. Spark a réussi [1]."],
  ["polarity", "Hier, 12 échecs. Spark n'a pas échoué [1]."],
  ["polarity", "Hier, 12 échecs. Aucun échec sur Talend [2]."],
  ["name", "Hier, 12 échecs. Ont échoué : Spark, Talend, dbt et http [1]."],
  ["citation", "Hier, 12 échecs sur 3 412 exécutions."],
  ["citation", "Hier, 12 échecs sur 3 412 exécutions [7]."],
  ["citation", "Hier, 12 échecs [1]. Surtout « ORA-12541: TNS:no listener »."],
  ["citation", "12 échecs hier. Pour Talend, « ORA-12541: TNS:no listener » [3]."],
  ["claim", "Hier, 12 échecs, en hausse [1]."],
  ["claim", "Hier, 12 échecs, surtout sur Talend [2]."],
  ["claim", "Hier, 12 échecs sur 3 412 exécutions. Spark et Talend ont échoué [1]."],
  ["claim", "Hier, des échecs sur Spark [1]."],
  ["window", "Le 5 mai et le 6 mai, 12 échecs [1]."],
  ["language", "Yesterday there were 12 failures out of 3,412 runs, which is a lot for the team [1]."],
  ["language", "Hier, 12 échecs, dоnt 7 sur Spark [1]."],
  ["form", "Hier, 12 échecs [1]. Voir [ici](https://evil.example/x)."],
  ["form", "Hier, 12 échecs [1]. ![x](https://evil.example/x.png)"],
  ["form", "Hier, 12 échecs [1] <!channel>"],
  ["form", "Hier, 12 échecs [1]. @here"],
  ["form", "Hier, 12 échecs [1]. <b>Spark</b>"],
  ["form", "# Hier\n12 échecs [1]."],
  ["form", "Hier, 12 échecs [1].\n```\nrm -rf /\n```"],
  ["form", "Hier, 12 \u202Eéchecs [1]."],
  ["form", `Hier, 12 échecs [1]. ${"Spark a échoué. ".repeat(200)}`],
])("verifyText, a French text that is wrong by %s, is refused: %j", (check, text) => {
  const window = { ...french, window: { from: new Date("2026-05-04T22:00:00Z"), to: new Date("2026-05-07T22:00:00Z") } };
  expect(checksOf(text, check === "window" ? window : french)).toContain(check);
});

test.each([
  ["number", "Yesterday, 13 of 3,412 runs failed [1]."],
  ["number", "Yesterday, thirteen runs failed out of 3,412 [1]."],
  ["number", "Yesterday 12 runs failed, twice as many [1]."],
  ["number", "Yesterday 12 runs failed, half of them on Spark [1]."],
  ["number", "Yesterday 12 failures: Spark 3, Talend 7 and dbt 2 [1]."],
  ["number", "Yesterday 12 failures. The median of `orders-daily` is 90 seconds [1]."],
  ["date", "On May 6, 2026 there were 12 failures [1]."],
  ["date", "Last week there were 12 failures [1]."],
  ["date", "On Wednesday there were 12 failures [1]."],
  ["name", "Yesterday 12 runs failed, and billing-sync too [1]."],
  ["name", "Yesterday 12 runs failed because the network was overloaded [1]."],
  ["polarity", "Yesterday 12 runs failed. Talend did not fail [2]."],
  ["polarity", "Yesterday 12 runs failed. Spark succeeded [1]."],
  ["citation", "Yesterday 12 of 3,412 runs failed."],
  ["citation", "Yesterday 12 of 3,412 runs failed [9]."],
  ["claim", "Yesterday 12 runs failed, most on dbt [3]."],
  ["claim", "Yesterday 12 failures, up [1]."],
  ["language", "Hier, il y a eu 12 échecs sur les 3 412 exécutions, dans 3 technos [1]."],
  ["form", "Yesterday 12 runs failed, see www.evil.example [1]."],
])("verifyText, an English text that is wrong by %s, is refused: %j", (check, text) => expect(checksOf(text, english)).toContain(check));

test("verifyText, two changes of two figures exchanged, are refused", () => {
  const template = "Hier (mar. 5 mai) comparé à avant-hier (lun. 4 mai).\n• Exécutions : 4 contre 0 (+4)\n• Échecs : 3 contre 0 (+3)";
  const compared = { ...french, template, statements: [], list: null };
  expect(verifyText(template, compared)).toEqual([]);
  expect(checksOf(template.replace("(+3)", "(+4)"), compared)).toContain("number");
  expect(checksOf(template.replace("3 contre 0", "0 contre 3"), compared)).toContain("number");
});

test.each([
  "Tous les pipelines ont échoué.",
  "Toutes les technos sont en échec.",
  "3 technos ont réussi.",
  "Soit -12 échecs.",
  "Soit ９７ échecs.",
  "Le prochain passage va réussir.",
  "Une dizaine d'échecs en tout.",
])("verifyText, what models say that nothing proves, is refused: %s", (lie) => {
  expect(verifyText(`${french.template}\n${lie}`, french)).not.toEqual([]);
});

test("verifyText, the asker's own quotation repeated, needs no citation", () => {
  const asked: Grounds = {
    ...french,
    template:
      "Hier (mar. 5 mai), erreur contenant « TNS:no listener » : 3 échecs sur 40 exécutions (7,5 %).\n• `crm-export` (Talend) : 3 échecs. « ORA-12541: TNS:no listener » [2]",
    statements: [],
    list: null,
  };
  const said = "Hier (mar. 5 mai), 3 échecs contenant « TNS:no listener ». `crm-export` : « ORA-12541: TNS:no listener » [2].";
  expect(verifyText(said, asked)).toEqual([]);
  expect(checksOf(said.replace(" [2]", ""), asked)).toContain("citation");
});

const truthful = [french.template, "Hier (mar. 5 mai), 12 échecs sur 3 412 exécutions : Spark 7, Talend 3 et dbt 2 [1][2][3]."];
const figure = /(?<![\p{L}\d_.,[-])\d+(?![\p{L}\d_\]-])/gu;
const outside = (text: string): string => text.replace(/«[^»]*»|`[^`]*`/g, (quoted) => " ".repeat(quoted.length));

test("verifyText, any figure outside of quotations changed to one that nothing says, is refused", () => {
  fc.assert(
    fc.property(fc.constantFrom(...truthful), fc.nat(), fc.integer({ min: 13, max: 899 }), (text, turn, value) => {
      const places = [...outside(text).matchAll(figure)];
      const place = places[turn % places.length];
      if (!place) return false;
      if (place[0] === String(value)) return true;
      const wrong = text.slice(0, place.index) + String(value) + text.slice(place.index + place[0].length);
      return verifyText(wrong, french).length > 0;
    }),
    { numRuns: 150 },
  );
});

test("verifyText, any name changed to another, known or not, is refused", () => {
  const names = ["Spark", "Talend", "dbt"];
  fc.assert(
    fc.property(
      fc.constantFrom(...truthful),
      fc.constantFrom(...names),
      fc.constantFrom(...names, "http", "hr-sync", "Airflow", "`billing`"),
      (text, from, to) => from === to || verifyText(text.replaceAll(from, to), french).length > 0,
    ),
    { numRuns: 150 },
  );
});

test("verifyText, any day changed to another, is refused", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 31 }), fc.constantFrom("janv.", "mai", "juin", "déc."), (day, month) => {
      if (day === 5 && month === "mai") return true;
      return truthful.every((text) => verifyText(text.replace("5 mai", `${day} ${month}`), french).length > 0);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ["C'est la première fois.", french],
  ["C'est mieux que d'habitude.", french],
  ["It is the first time.", english],
  ["That is worse than usual.", english],
])('a text that ends in "%s", which no fact says, is refused', (sentence, grounds) => {
  expect(checksOf(`${grounds.template}\n${sentence}`, grounds)).not.toEqual([]);
});

test("verifyText, a bound that is said of another count or is another bound, is refused", () => {
  const template =
    "En 2015\u202F: 1 pipeline avec plus de 2 échecs (12 échecs sur 15 exécutions en tout).\n• `crm-export` (Talend)\u202F: 4 échecs. «\u202FORA-12541: TNS:no listener\u202F» [2]";
  const bounded: Grounds = { ...french, template, statements: ["2 succès.", "`crm-export`\u202F: 2 succès."], list: null, window: null };
  expect(verifyText(template, bounded)).toEqual([]);
  expect(verifyText(template.replace("plus de 2 échecs", "plus de 2 fois en échec"), bounded)).toEqual([]);
  expect(checksOf(template.replace("plus de 2 échecs", "plus de 2 succès"), bounded)).toContain("claim");
  expect(checksOf(template.replace("plus de 2 échecs", "moins de 2 échecs"), bounded)).toContain("claim");
});
