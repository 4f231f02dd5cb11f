import { mergeWindows, readTime } from "./read-time.js";

const now = new Date("2026-11-20T07:30:00Z"); // Friday, 08:30 in Paris
const read = (text: string, at = now) => {
  const window = mergeWindows(readTime(text, at, "Europe/Paris").windows);
  return window && [window.from?.toISOString() ?? null, window.to.toISOString()];
};

test.each([
  ["avant-hier", "2026-11-17T23:00:00.000Z", "2026-11-18T23:00:00.000Z"],
  ["combien d'échecs cette nuit ?", "2026-11-19T17:00:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["depuis lundi", "2026-11-15T23:00:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["entre le 3 et le 7", "2026-11-02T23:00:00.000Z", "2026-11-07T23:00:00.000Z"],
  ["hier entre 22h et 6h", "2026-11-19T21:00:00.000Z", "2026-11-20T05:00:00.000Z"],
  ["le trimestre dernier", "2026-06-30T22:00:00.000Z", "2026-09-30T22:00:00.000Z"],
  ["failures on 03/11/2026", "2026-11-02T23:00:00.000Z", "2026-11-03T23:00:00.000Z"],
  ["avant le 12 novembre", null, "2026-11-11T23:00:00.000Z"],
  ["lundi et mardi", "2026-11-15T23:00:00.000Z", "2026-11-17T23:00:00.000Z"],
  ["cette nuit, combien d'échecs entre 2h et 4h ?", "2026-11-20T01:00:00.000Z", "2026-11-20T03:00:00.000Z"],
  ["les soixante-douze dernières heures", "2026-11-17T07:30:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["depuis une heure et demie", "2026-11-20T06:00:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["les 3 et 4 mai", "2026-05-02T22:00:00.000Z", "2026-05-04T22:00:00.000Z"],
  ["échecs de lun. à mer.", "2026-11-15T23:00:00.000Z", "2026-11-18T23:00:00.000Z"],
  ["hier soir et cette nuit", "2026-11-19T17:00:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["errors from yesterday", "2026-11-18T23:00:00.000Z", "2026-11-19T23:00:00.000Z"],
  ["two days before yesterday", "2026-11-16T23:00:00.000Z", "2026-11-17T23:00:00.000Z"],
])("readTime, %j, is the half-open window of the business zone", (text, from, to) => {
  expect(read(text)).toEqual([from, to]);
});

test("readTime, the day the clocks went back, is 25 hours long", () => {
  expect(read("hier", new Date("2026-10-26T08:00:00Z"))).toEqual(["2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"]);
});

test.each([
  "room 2099",
  "pipeline_2024_v3",
  "top 10 des erreurs",
  "ORA-12541",
  "runs de plus de 2 heures",
  "which pipelines may fail",
  "par jour",
])("readTime, %j, names no time", (text) => {
  expect(readTime(text, now, "Europe/Paris")).toMatchObject({ windows: [], unread: [] });
});

test.each([
  ["Quels échecs le 31 février ?", "le 31 février"],
  ["tous les lundis", "tous les lundis"],
  ["mardi 11 novembre", "mardi 11 novembre"],
  ["échecs il y a quelques jours", "quelques jours"],
  ["qui a planté au milieu de la nuit ?", "milieu de la nuit"],
  ["les 3 et 9 mai", "les 3 et 9 mai"],
])("readTime, %j, cannot be read and is reported as it was written", (text, phrase) => {
  expect(readTime(text, now, "Europe/Paris").unread).toEqual([phrase]);
});

test.each([
  ["échecs cette semaine sauf hier", "sauf hier"],
  ["failures except on Monday", "except on Monday"],
])("readTime, %j, is not taken for the time that it leaves out", (text, phrase) => {
  expect(readTime(text, now, "Europe/Paris").unread).toEqual([phrase]);
});

test("readTime, a reading in UTC, is reported where the business clock shows another", () => {
  expect(readTime("hier à 14:05 UTC", now, "Europe/Paris").unread).toEqual(["UTC"]);
  expect(readTime("hier à 14:05 UTC", now, "UTC").unread).toEqual([]);
});

test("readTime, a part of the text that is a name, is not read", () => {
  expect(readTime("night of mars hier", now, "Europe/Paris", [[0, 13]]).windows).toHaveLength(1);
});

test.each([
  ["failures after today", "2026-12-01T00:00", "2026-12-02T00:00"],
  ["après aujourd'hui", "2026-12-01T00:00", "2026-12-02T00:00"],
  ["after this week", "2026-12-07T00:00", "2026-12-08T00:00"],
  ["après ce mois-ci", "2026-12-01T00:00", "2026-12-02T00:00"],
  ["after this quarter", "2027-01-01T00:00", "2027-01-02T00:00"],
  ["après cette année", "2027-01-01T00:00", "2027-01-02T00:00"],
  ["after this afternoon", "2026-11-30T18:00", "2026-12-01T18:00"],
  ["after tonight", "2026-12-01T12:00", "2026-12-02T12:00"],
  ["depuis demain", "2026-12-01T00:00", "2026-12-02T00:00"],
])("readTime, %s, is what comes behind the period and not behind now", (phrase, from, to) => {
  const [window] = readTime(phrase, new Date("2026-11-30T14:00:00+01:00"), "Europe/Paris").windows;
  expect([window?.from, window?.to]).toEqual([new Date(`${from}:00+01:00`), new Date(`${to}:00+01:00`)]);
});

const evening = new Date("2026-11-30T20:05:00Z");
test.each([
  ["between Nov 28 and Nov 22", "2026-11-22T00:00", "2026-11-29T00:00"],
  ["from Nov 28 to Nov 22", "2026-11-22T00:00", "2026-11-29T00:00"],
  ["entre le 28 et le 22 novembre", "2026-11-22T00:00", "2026-11-29T00:00"],
  ["between March 7 and March 3", "2026-03-03T00:00", "2026-03-08T00:00"],
  ["between December 20 and January 5", "2025-12-20T00:00", "2026-01-06T00:00"],
  ["from 8 to 10am yesterday", "2026-11-29T08:00", "2026-11-29T10:00"],
  ["entre 2 et 6h hier", "2026-11-29T02:00", "2026-11-29T06:00"],
  ["entre le 2 et le 6 novembre", "2026-11-02T00:00", "2026-11-07T00:00"],
  ["après-demain", "2026-12-02T00:00", "2026-12-03T00:00"],
  ["après lundi midi", "2026-11-23T12:00", "2026-11-30T21:05"],
  ["a week ago", "2026-11-23T00:00", "2026-11-24T00:00"],
  ["il y a deux semaines", "2026-11-16T00:00", "2026-11-23T00:00"],
  ["cette nuit", "2026-11-30T18:00", "2026-11-30T21:05"],
  ["la nuit dernière", "2026-11-29T18:00", "2026-11-30T12:00"],
])("readTime, %s on the evening of 30 November, is that time", (phrase, from, to) => {
  const local = (instant: Date | null | undefined) => instant && new Date(instant.getTime() + 3_600_000).toISOString().slice(0, 16);
  const { windows, unread } = readTime(phrase, evening, "Europe/Paris");
  expect([windows.map((window) => [local(window.from), local(window.to)]), unread]).toEqual([[[from, to]], []]);
});

test.each(["ces -3 derniers jours", "in the last -3 days", "depuis -2 semaines"])("readTime, %s, is told as unread", (phrase) =>
  expect(readTime(phrase, evening, "Europe/Paris").unread.join(" ")).toMatch(/^-\d/),
);
test.each(["until Monday noon", "jusqu'à lundi midi"])("readTime, %s, ends at noon", (phrase) =>
  expect(readTime(phrase, evening, "Europe/Paris").windows.map(({ to }) => to.toISOString())).toEqual(["2026-11-23T11:00:00.000Z"]),
);
