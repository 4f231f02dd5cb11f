import { tellNextStep } from "./tell-next-step.js";

const [early, late] = [new Date("2026-11-01T04:00:00Z"), new Date("2026-11-29T04:00:00Z")];

test.each([
  ["nothing was written", { records: 0, from: null, readThrough: late }, []],
  [
    "nothing was ever read",
    { records: 3, from: early, readThrough: null },
    ["not in answers yet: flow-rag ingest --source flows reads them"],
  ],
  [
    "all is newer than what was read",
    { records: 3, from: late, readThrough: early },
    ["not in answers yet: the next live pull reads them, or at once flow-rag ingest --source flows --since 2026-11-29T04:00:00.000Z"],
  ],
  [
    "some is older than what was read",
    { records: 3, from: early, readThrough: late },
    [
      "not in answers yet, and live pulls will not see them: they begin at 2026-11-01T04:00:00.000Z, older than what was read already (through 2026-11-29T04:00:00.000Z)",
      "have them read with flow-rag ingest --source flows --since 2026-11-01T04:00:00.000Z; until then answers and reports say that imported records are missing",
    ],
  ],
])("tellNextStep, %s, says what is to be done", (_situation, written, lines) => {
  expect(tellNextStep({ source: "flows", ...written })).toEqual(lines);
});
