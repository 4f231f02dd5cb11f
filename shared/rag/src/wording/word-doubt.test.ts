import { doubt, type Doubt } from "@flow-rag/contracts";
import { wordDoubt, wordDoubts } from "./word-doubt.js";

const [since, until] = ["2026-11-29T23:00:00.000Z", "2026-11-30T02:00:00.000Z"];
const source = "flows";
const command = "flow-rag reconcile --yes --source flows";
const speech = { zone: "Europe/Paris", now: new Date("2026-11-30T07:00:00Z") };

const told: readonly (readonly [Doubt, fr: string, en: string])[] = [
  [{ kind: "data_until", at: until }, "Données jusqu’à lun. 30 nov. 03:00.", "Data until Mon 30 Nov 03:00."],
  [{ kind: "data_until", at: null }, "Aucune donnée.", "No data."],
  [{ kind: "data_until", at: "2024-12-16T05:00:00.000Z" }, "Données jusqu’à lun. 16 déc. 2024 06:00.", "Data until Mon 16 Dec 2024 06:00."],
  [
    { kind: "source_stopped", source, why: "silent", since, reason: null },
    "Rien de « flows » depuis lun. 30 nov. 00:00, plus longtemps que d’habitude.",
    'Nothing of "flows" since Mon 30 Nov 00:00, longer than usual.',
  ],
  [
    { kind: "source_stopped", source, why: "pull_failing", since, reason: "MongoDB did not answer" },
    "La lecture de « flows » échoue depuis lun. 30 nov. 00:00 (« MongoDB did not answer »).",
    'Reading "flows" has failed since Mon 30 Nov 00:00 ("MongoDB did not answer").',
  ],
  [
    { kind: "source_stopped", source, why: "not_pulled", since, reason: null },
    "« flows » n’a pas été relue depuis lun. 30 nov. 00:00.",
    '"flows" has not been read since Mon 30 Nov 00:00.',
  ],
  [
    { kind: "gap", source, from: since, to: until },
    "Trou de données : rien de « flows » du lun. 30 nov. 00:00 au lun. 30 nov. 03:00, où il y en a d’habitude.",
    'Gap in the data: nothing of "flows" from Mon 30 Nov 00:00 to Mon 30 Nov 03:00, where there usually is some.',
  ],
  [
    { kind: "held_removals", source, runs: 40, copies: 40, since, command },
    `40 exécutions sans enregistrement dans « flows » (vu lun. 30 nov. 00:00) restent comptées, dont 40 en double sous un nouvel id : ${command}`,
    `40 runs without a record in "flows" (seen Mon 30 Nov 00:00) still counted, 40 of them twice, under a new id: ${command}`,
  ],
  [{ kind: "pending", records: 1 }, "1 exécution en attente d’indexation.", "1 run waiting to be indexed."],
  [{ kind: "pending", records: null }, "Ce qui attend d’être indexé n’est pas connu.", "What waits to be indexed is not known."],
  [
    { kind: "imported", source, records: 3, at: since, command: "flow-rag ingest --source flows" },
    "3 enregistrements importés dans « flows » (lun. 30 nov. 00:00), pas encore lus : flow-rag ingest --source flows",
    '3 records imported into "flows" (Mon 30 Nov 00:00), not read yet: flow-rag ingest --source flows',
  ],
  [
    { kind: "set_aside", records: 2 },
    "2 enregistrements écartés (flow-rag dead-letters list).",
    "2 records set aside (flow-rag dead-letters list).",
  ],
  [
    {
      kind: "unread_status",
      runs: 4,
      withError: 1,
      words: [
        { word: "<b>Evicted</b> [1]", runs: 2 },
        { word: "", runs: 1 },
      ],
      others: 1,
    },
    "À regarder : 4 exécutions au statut non reconnu (« ‹b›Evicted‹/b› [\u200A1] » (2), sans statut (1), 1 autre mot), dont 1 avec un texte d’erreur, " +
      "ni succès ni échec dans les chiffres ; SOURCE_STATUSES apprend ces mots.",
    'Look at: 4 runs with an unread status ("‹b›Evicted‹/b› [\u200A1]" (2), no status (1), 1 other word), 1 with an error text, ' +
      "neither success nor failure in the figures; SOURCE_STATUSES teaches these words.",
  ],
  [
    { kind: "future_runs", runs: 1, until: "2027-01-05T10:00:00.000Z" },
    "1 exécution datée dans le futur, jusqu’au mar. 5 janv. 2027 11:00.",
    "1 run dated in the future, until Tue 5 Jan 2027 11:00.",
  ],
];
/** A narrow no-break space is how French sets its marks. */
const plain = (text: string): string => text.replaceAll("\u202f", " ");

test("wordDoubt, of every kind, is one short sentence in each language", () => {
  expect(told.map(([one]) => doubt.parse(one))).toEqual(told.map(([one]) => one));
  expect(new Set(told.map(([{ kind }]) => kind)).size).toBe(doubt.options.length);
  for (const [one, fr, en] of told) {
    expect(plain(wordDoubt(one, { ...speech, language: "fr" }))).toBe(fr);
    expect(wordDoubt(one, { ...speech, language: "en" })).toBe(en);
  }
});

test("wordDoubts, of many gaps, tells three and counts the others", () => {
  const gaps = Array.from({ length: 9 }, (): Doubt => ({ kind: "gap", source, from: since, to: until }));
  const lines = wordDoubts([...gaps, { kind: "set_aside", records: 1 }], { ...speech, language: "en" });
  expect(lines).toHaveLength(5);
  expect(lines.slice(-2)).toEqual(["1 record set aside (flow-rag dead-letters list).", "6 other gaps in the data."]);
});
