import { createSignatureMiner } from "./signature-miner.js";

test.each([
  ["no answer from host (HTTP 404)", "no answer from host (HTTP 503)"],
  ["Container killed on request, exit code 137", "Container killed on request, exit code 143"],
  ["java.sql.SQLException: ORA-12541: TNS problem", "java.sql.SQLException: ORA-12170: TNS problem"],
  ["query failed SQLSTATE[42P01] on table a", "query failed SQLSTATE[42703] on table a"],
])("signature miner, %j and %j, are two failures", (one, other) => {
  const miner = createSignatureMiner();
  expect(miner.place(one)?.id).not.toBe(miner.place(other)?.id);
});

test("signature miner, other variables and names with underscores, are one failure", () => {
  const miner = createSignatureMiner();
  const first = miner.place("cannot open table stg_orders after 3 tries on 10.0.0.7:5432");
  const second = miner.place("cannot open table dim_customers after 12 tries on 10.0.0.9:5432");
  expect(second).toEqual({ id: first?.id, template: "cannot open table <*> after <num> tries on <ip>" });
});

test("signature miner, lists of different lengths, are one failure", () => {
  const miner = createSignatureMiner();
  expect(miner.place("missing parts part-001 part-002")?.id).toBe(miner.place("missing parts part-001 part-002 part-003 part-004")?.id);
});

test.each(["", "   ", "\n\n"])("signature miner, %j, has no signature", (text) => {
  expect(createSignatureMiner().place(text)).toBeNull();
});
