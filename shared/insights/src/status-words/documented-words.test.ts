import { foldStatus } from "@flow-rag/contracts";
import { documentedWords as words } from "../../eval/documented-words.js";
import { readStatus, statusRows } from "../run-status.js";

test("readStatus, every word that the systems document, gives what it means there and never the other side", () => {
  const read = words.map((one) => ({ ...one, read: readStatus(one.word.replaceAll("_", " "), { tech: one.system }) }));
  expect(read.filter(({ meant, read: got }) => got !== meant)).toEqual([]);
  expect(words.length).toBeGreaterThan(500);
});

test("readStatus, a word of one system told by a run of no known system, is never on the other side", () => {
  const sides: Readonly<Record<string, string>> = { success: "well", warning: "well", failed: "badly" };
  const crossed = words.filter(({ word, meant }) => {
    const [wanted, got] = [sides[meant], sides[readStatus(word)]];
    return wanted !== undefined && got !== undefined && wanted !== got;
  });
  expect(crossed).toEqual([]);
});

test("statusRows, the same word in two rows, stands for the same status", () => {
  const seen = new Map<string, string>();
  const contradictions: string[] = [];
  for (const { status, words: list, only = "" } of statusRows) {
    for (const word of list.split(",").map(foldStatus)) {
      const known = seen.get(`${only}:${word}`);
      if (known !== undefined && known !== status) contradictions.push(`${only}:${word} ${known} ${status}`);
      seen.set(`${only}:${word}`, status);
      if (word === "") contradictions.push(`an empty word of ${status}`);
    }
  }
  expect(contradictions).toEqual([]);
});
