import { sumUnread } from "@flow-rag/contracts";
import { suggestStatus } from "./suggest-status.js";
import { unreadText } from "./unread-text.js";

test.each([
  ["BackoffLimitExceeded2", "failed"],
  ["KO-FTP", "failed"],
  ["Fin OK partielle", "warning"],
  ["Terminé (code 4)", "success"],
  ["HOLD_BY_OPS", "waiting"],
  ["en cours de purge finale", "cancelled"],
  ["Running late", "running"],
  ["ZX-9", undefined],
  ["42", undefined],
])("suggestStatus, %j, suggests %s", (word, status) => {
  expect(suggestStatus(word)).toBe(status);
});

const told = (word: string): string =>
  unreadText(
    sumUnread([{ source: "s", pipeline: "p", word, runs: 3, withError: 0 }]) ?? { runs: 0, withError: 0, words: [], wordCount: 0 },
  );

test("unreadText, a word that looks like a success, suggests success and asks for a check", () => {
  expect(told("Terminé (code 4)".replace(/[()]/g, ""))).toContain(
    `SOURCE_STATUSES='{"Terminé code 4":"success"}' if that is what it means`,
  );
});

test("unreadText, a word that tells nothing, leaves the choice open in a form that no process starts with", () => {
  const text = told("ZX-9");
  expect(text).toContain(`SOURCE_STATUSES='{"ZX-9":"CHOOSE"}', in place of CHOOSE one of success, failed,`);
  expect(text).not.toContain(`"failed"`);
});
