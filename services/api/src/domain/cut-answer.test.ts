import { cutAnswer } from "./cut-answer.js";

const text = "5 échecs sur 1\u202F793 exécutions.\n• orders-daily : 3\n• crm_export : 2";

test.each([
  ["room for all", [], Infinity, text, "stop"],
  ["room for exactly all", [], text.length, text, "stop"],
  ["room for a line and a half", [], 45, "5 échecs sur 1\u202F793 exécutions.", "length"],
  ["room for exactly a line", [], 30, "5 échecs sur 1\u202F793 exécutions.", "length"],
  ["room for half a number", [], 16, "5 échecs sur", "length"],
  ["room for less than a word", [], 0, "", "length"],
  ["a stop text", ["\n"], Infinity, "5 échecs sur 1\u202F793 exécutions.", "stop"],
  ["the first of two stop texts", ["crm", "orders"], Infinity, "5 échecs sur 1\u202F793 exécutions.\n• ", "stop"],
  ["a stop text behind the room", ["crm"], 45, "5 échecs sur 1\u202F793 exécutions.", "length"],
  ["a stop text that does not come", ["zzz"], Infinity, text, "stop"],
] as const)("cutAnswer, %s, ends there and cuts no figure", (_situation, stop, maxLength, expected, finish) => {
  expect(cutAnswer(text, { stop, maxLength })).toEqual({ text: expected, finish });
});

test.each([
  ["room for half of it", [], 22],
  ["a stop text in it", ["evil"], Infinity],
] as const)("cutAnswer, code with %s, leaves it out whole", (_situation, stop, maxLength) => {
  const answer = "2 `a b` souvent `![x](https://evil.example) c` [1]";
  expect(cutAnswer(answer, { stop, maxLength }).text).toBe("2 `a b` souvent");
});
