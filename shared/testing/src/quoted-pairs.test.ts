import { quotedPairs, saysQuote } from "./quoted-pairs.js";

const names = new Set(["a", "b.c", "d"]);

test.each([
  ["• `a` (Spark) : 3 échecs. Surtout « disk full » (2 fois) [1]", ["a: disk full"]],
  ["1. « user <…> » : 10 fois, 2 pipelines : `a` (5), `b.c` (5) ; dernière 29 nov. 12:56 [1]", ["a: user <…>", "b.c: user <…>"]],
  ["• **Talend** : 4 échecs ; 2 pipelines : `a` (3), `d` (1). Surtout `a`, `b.c` : « x » (2 fois)", ["a: x", "b.c: x"]],
  ['"disk full": 1 time; `a`, `prod`', ["a: disk full"]],
  ["`a`, `d` · Spark · 3 échecs · `d` : « ORA-1 » · exemple `s:1`", ["d: ORA-1"]],
  ["une erreur contenant « ORA » : 3 échecs", []],
  ["« `a` failed » : `d` (1)", ["d: a failed"]],
])("quotedPairs, of the line %s, are of the pipelines that it is said of", (line, wanted) => {
  expect(quotedPairs(line, names).map(({ pipeline, quote }) => `${pipeline}: ${quote}`)).toEqual(wanted);
});

test.each([
  ["Login incorrect for user etl_a (host x)", "Login incorrect for user <…> (host <…>)", true],
  ["Login incorrect for user etl_a", "Login incorrect for user etl_b", false],
  ["a `long` text\nof lines", "a 'long' te…", true],
  ["of a long text", "long text of <…>", false],
])("saysQuote, the error %j and the quotation %j, is %j", (error, quote, wanted) => {
  expect(saysQuote(error, quote)).toBe(wanted);
});
