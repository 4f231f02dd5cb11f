import type { SourceRecord } from "@flow-rag/contracts";
import { convertRecord, decideConversion, type ConversionOptions } from "./conversion.js";
import { surveyRecords } from "./survey-records.js";

const paths = { times: ["at"], numbers: ["ms"] };
const signal = new AbortController().signal;
const asRecord = ({ status, at }: Record<string, unknown>): SourceRecord => ({
  source: "s",
  recordId: "1",
  fields: { status, timestamp: at, pipeline: "p" },
});
const business = { businessZone: "Europe/Paris", sourceZone: "UTC", semicolons: false };

async function convert(documents: readonly Record<string, unknown>[], options: Partial<ConversionOptions> = {}) {
  async function* records() {
    for (const [index, document] of documents.entries()) yield { line: index + 2, document: { ...document } };
  }
  const survey = await surveyRecords(records(), { read: asRecord, paths, zone: "UTC", signal });
  const conversion = decideConversion(survey, { ...business, ...options });
  return {
    survey,
    said: conversion.said.join("\n"),
    documents: documents.map((document) => convertRecord({ ...document }, conversion, paths)),
  };
}
const times = async (texts: readonly string[], options: Partial<ConversionOptions> = {}) =>
  (
    await convert(
      texts.map((at) => ({ at })),
      options,
    )
  ).documents.map(({ at }) => (at instanceof Date ? at.toISOString() : at));

test("decideConversion, one row that only one order fits, decides for all rows", async () => {
  expect(await times(["03/04/2026 10:00", "29/11/2026 10:00"])).toEqual(["2026-04-03T08:00:00.000Z", "2026-11-29T09:00:00.000Z"]);
  expect(await times(["03/04/2026 10:00", "11/29/2026 10:00"])).toEqual(["2026-03-04T09:00:00.000Z", "2026-11-29T09:00:00.000Z"]);
});

test("decideConversion, no row that decides, takes the day first and says so", async () => {
  const { said } = await convert([{ at: "03/04/2026" }]);
  expect(said).toMatch(/AMBIGUOUS dates: "03\/04\/2026" \(line 2\).*day first, --dates mdy/);
  expect(await times(["03/04/2026"])).toEqual(["2026-04-02T22:00:00.000Z"]);
  expect(await times(["03/04/2026"], { dates: "mdy" })).toEqual(["2026-03-03T23:00:00.000Z"]);
});

test("decideConversion, rows that contradict each other, are refused by their lines until an order is said", async () => {
  const rows = ["29/11/2026", "11/29/2026"];
  await expect(times(rows)).rejects.toMatchObject({ kind: "invalid_input", message: expect.stringMatching(/line 2 .*line 3/) as string });
  expect(await times(rows, { dates: "dmy" })).toEqual(["2026-11-28T23:00:00.000Z", "11/29/2026"]);
});

test("decideConversion, a zone, is that of BUSINESS_TZ, said, or the one that is asked for", async () => {
  const { said } = await convert([{ at: "29 nov. 2026 10:00" }]);
  expect(said).toContain("Europe/Paris (BUSINESS_TZ");
  expect(await times(["29 nov. 2026 10:00"], { zone: "America/New_York" })).toEqual(["2026-11-29T15:00:00.000Z"]);
  expect(await times(["2026-11-29 10:00"], { zone: "America/New_York" })).toEqual(["2026-11-29T15:00:00.000Z"]);
  expect(await times(["Sun, 29 Nov 2026 10:00:00 +0100"])).toEqual(["2026-11-29T09:00:00.000Z"]);
  await expect(times(["29 nov. 2026"], { zone: "Europe/Atlantis" })).rejects.toMatchObject({ kind: "invalid_input" });
});

test("decideConversion, the hour that comes twice and the one that never comes, are read as everywhere else", async () => {
  expect(await times(["25/10/2026 02:30", "29/03/2026 02:30"])).toEqual(["2026-10-25T00:30:00.000Z", "2026-03-29T01:30:00.000Z"]);
});

test("decideConversion, ISO times alone, leaves them as they are", async () => {
  expect(await times(["2026-11-29T10:00:00Z", "1764410400"])).toEqual(["2026-11-29T10:00:00Z", "1764410400"]);
  expect(await times(["29/11/2026"], { dates: "iso" })).toEqual(["29/11/2026"]);
});

const numbers = async (texts: readonly string[], options: Partial<ConversionOptions> = {}) =>
  (
    await convert(
      texts.map((ms) => ({ ms })),
      options,
    )
  ).documents.map(({ ms }) => ms);

test("decideConversion, decimal commas, are read, and one of them decides for what could be thousands", async () => {
  expect(await numbers(["12,345", "12,5", "1.234", "7"])).toEqual([12.345, 12.5, 1234, 7]);
  expect(await numbers(["12,345"], { semicolons: true })).toEqual([12.345]);
  expect(await numbers(["12,345"])).toEqual([12_345]);
  expect((await convert([{ ms: "12,345" }])).said).toContain("AMBIGUOUS numbers");
  expect(await numbers(["12,345"], { decimals: "comma" })).toEqual([12.345]);
  expect(await numbers(["soon"])).toEqual(["soon"]);
});

test("surveyRecords, words and texts that are not understood, are counted with their first line", async () => {
  const { survey } = await convert([
    { status: "OK", at: "2026-11-29" },
    { status: "Bizarre", at: "demain" },
    { status: "Bizarre", ms: "soon" },
  ]);
  expect(survey.statuses).toEqual(new Map([["Bizarre", { count: 2, line: 3, example: "Bizarre" }]]));
  expect(survey.times.get("unread")).toEqual({ count: 1, line: 3, example: "demain" });
  expect(survey.numbers.get("unread")).toEqual({ count: 1, line: 4, example: "soon" });
  expect(survey.withoutTime).toBe(1);
});

test("surveyRecords, a hundred thousand records of as many words and fields, keeps a bounded part of them", async () => {
  async function* records() {
    for (let index = 0; index < 100_000; index += 1) yield { line: index, document: { [`f${index}`]: index, status: `w${index}` } };
  }
  const survey = await surveyRecords(records(), { read: asRecord, paths, zone: "UTC", signal });
  expect([survey.records, survey.statuses.size, survey.names.size, survey.first.length]).toEqual([100_000, 20, 200, 3]);
});

test("decideConversion, ISO texts without an offset, are said to be read in SOURCE_TZ; those with one and epochs say nothing", async () => {
  expect((await convert([{ at: "2026-11-29T10:00:00Z" }, { at: "2026-11-29 10:00:00" }])).said).toContain("read in UTC (SOURCE_TZ");
  expect((await convert([{ at: "2026-11-29T10:00:00Z" }, { at: "2026-11-29T10:00:00+01:00" }, { at: "1795946400" }])).said).toBe("");
});
