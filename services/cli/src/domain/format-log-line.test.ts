import fc from "fast-check";
import { formatLogLine } from "./format-log-line.js";

const at = new Date(2026, 10, 30, 14, 5, 9);
const line = (entry: object): string => formatLogLine(`${JSON.stringify({ time: at.getTime(), service: "api", ...entry })}\n`);

test.each([
  ["an information", { level: 30, msg: "records embedded", indexed: 512 }, "records embedded indexed=512"],
  ["a warning", { level: 40, msg: "tick missed", missed: "2026" }, "warning: tick missed missed=2026"],
  [
    "a warning with its cause",
    { level: 40, msg: "job failed", err: { message: "disk full", stack: "…" } },
    "warning: job failed (disk full)",
  ],
])("formatLogLine, %s, reads as a sentence with its time and fields", (_situation, entry, expected) => {
  expect(line(entry)).toBe(`2026-11-30 14:05:09 ${expected}`);
});

test("formatLogLine, a failed request, leads to the request and to the place", () => {
  const stack = "Error: no\n[worker] FAKE\n    at ask (file:///app/x.js:1:2)\n    at next (file:///app/y.js:3:4)";
  const fields = { requestId: "r-1", method: "POST", route: "/query" };
  expect(line({ level: 50, msg: "request failed", ...fields, err: { message: "no\n[worker] FAKE", stack } })).toBe(
    [
      "2026-11-30 14:05:09 error: request failed (no · [worker] FAKE) requestId=r-1 method=POST route=/query",
      "    at ask (file:///app/x.js:1:2)",
      "    at next (file:///app/y.js:3:4)",
    ].join("\n"),
  );
});

test.each(["plain text", "{broken json", ""])("formatLogLine, %j, stays as it is, with a time", (text) => {
  expect(formatLogLine(text, at)).toBe(`2026-11-30 14:05:09 ${text}`);
});

test("formatLogLine, any text anywhere in a line, stays one line without a control character", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("no\n[worker] FAKE", "\u001b[2J", "a\r\nb", "\u009b2J", "\u202e", "\u2028"),
  );
  fc.assert(
    fc.property(text, text, text, (msg, field, message) => {
      for (const shown of [line({ level: 40, msg, field, list: [field], err: { message } }), formatLogLine(msg.replaceAll("{", ""), at)])
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
