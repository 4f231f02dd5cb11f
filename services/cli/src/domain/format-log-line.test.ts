import { formatLogLine } from "./format-log-line.js";

test.each([
  ["an information", { level: 30, time: 1, service: "worker", msg: "records embedded", indexed: 512 }, "records embedded indexed=512"],
  ["a warning", { level: 40, msg: "tick missed", missed: "2026" }, "warning: tick missed missed=2026"],
  ["an error with its cause", { level: 50, msg: "job failed", err: { message: "disk full", stack: "…" } }, "error: job failed (disk full)"],
])("formatLogLine, %s, reads as a sentence with fields", (_situation, entry, expected) => {
  expect(formatLogLine(`${JSON.stringify(entry)}\n`)).toBe(expected);
});

test.each(["plain text", "{broken json", ""])("formatLogLine, %j, stays as it is", (line) => {
  expect(formatLogLine(line)).toBe(line);
});
