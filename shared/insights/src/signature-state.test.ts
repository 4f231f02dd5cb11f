import { signatureState } from "./signature-state.js";

const now = new Date("2026-05-31T09:00:00Z");

test.each([
  ["first seen three days ago", ["2026-05-28", "2026-05-29"], { state: "new", regressedOn: null }],
  ["seen every week", ["2026-05-01", "2026-05-10", "2026-05-20", "2026-05-30"], { state: "ongoing", regressedOn: null }],
  ["back after 20 days", ["2026-05-01", "2026-05-02", "2026-05-22", "2026-05-23"], { state: "regressed", regressedOn: "2026-05-22" }],
  ["back after exactly 14 days", ["2026-05-15", "2026-05-29"], { state: "ongoing", regressedOn: null }],
  [
    "back long ago and here since",
    ["2026-03-01", "2026-05-01", "2026-05-10", "2026-05-20"],
    { state: "ongoing", regressedOn: "2026-05-01" },
  ],
  ["gone for a month", ["2026-04-20", "2026-04-29"], { state: "quiet", regressedOn: null }],
  ["seen in the future only", ["2099-01-01"], { state: "quiet", regressedOn: null }],
])("signatureState, an error %s, says so", (_situation, days, expected) => {
  expect(signatureState(days, now, 14)).toEqual(expected);
});
