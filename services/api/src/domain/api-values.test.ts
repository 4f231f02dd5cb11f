import fc from "fast-check";
import { askedIn, chatTaskReply } from "./chat-task-reply.js";
import { csvLine } from "./csv-line.js";
import { readPlace, writePlace } from "./page-cursor.js";

test("page cursor, any instant and id, comes back as it was", () => {
  const ids = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }), ids, (ts, id) => {
      expect(readPlace(writePlace({ ts, id }))).toEqual({ ts, id });
    }),
  );
});

test.each([
  "",
  "x",
  "MX4w",
  "e30=",
  "../..",
  Buffer.from("1~99999999999999999~a").toString("base64url"),
  Buffer.from("2~0~a").toString("base64url"),
])("page cursor, %j, is refused", (cursor) => {
  expect(() => readPlace(cursor)).toThrow(/cursor/);
});

test.each(["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])("csvLine, the text %j, is no formula for a spreadsheet", (text) => {
  expect(csvLine([text])).toMatch(/^"?'/);
});

test("csvLine, quotes, breaks, numbers and nothing, are as RFC 4180 has them", () => {
  expect(csvLine(['a "b"', "c\nd", -5, null, undefined, "é,è"])).toBe('"a ""b""","c\nd",-5,,,"é,è"\r\n');
});

test.each([
  [
    '### Task:\nGenerate a title.\nJSON format: { "title": "…" }\n<chat_history>\nUSER: Combien d’échecs hier ?\n</chat_history>',
    '{"title":"Combien d’échecs hier ?"}',
  ],
  ['### Task:\nGenerate tags { "tags": ["a"] }', '{"tags":["flow-rag"]}'],
  ['### Task:\nSuggest { "follow_ups": ["a"] }', '{"follow_ups":[]}'],
  ['### Task:\nComplete { "text": "<completion>" }', '{"text":""}'],
  [
    "Provide a concise, 5-word-or-less title for the conversation, using its same language.\n\nConversation:\nUser: Échecs hier ?\nAI: 12",
    "Échecs hier ?",
  ],
  ["### Task:\nRespond to the user query using the provided context.\n<context>x</context>\nÉchecs hier ?", undefined],
  ["Give the title of the last failed run of this conversation-sync pipeline", undefined],
  ["Combien d’échecs hier ?", undefined],
])("chatTaskReply, %j, is %j", (text, expected) => {
  expect(chatTaskReply(text)).toBe(expected);
});

test("chatTaskReply, a task in the system message, is answered when the user says nothing, or tools are to be chosen", () => {
  const title =
    'Please generate a concise, 5-word-or-less title for the conversation.\n\n||>User:\n"Échecs hier ?"\n||>Response:\n"12"\n\n||>Title:';
  expect(chatTaskReply("", title)).toBe("Échecs hier ?");
  expect(chatTaskReply("Échecs hier ?", title)).toBeUndefined();
  expect(chatTaskReply("Query: Échecs hier ?", "Available Tools: []")).toBe('{"tool_calls":[]}');
});

test.each([
  [
    "### Task:\nRespond to the user query using the context.\n<context>\na\n</context>\n\n<user_query>\nÉchecs hier ?\n</user_query>",
    "Échecs hier ?",
  ],
  ["### Task:\nRespond to the user query using the context.\n<context>\na\n</context>\n\nÉchecs hier ?", "Échecs hier ?"],
  ["Échecs hier ?", "Échecs hier ?"],
])("askedIn, %j, is %j", (text, asked) => {
  expect(askedIn(text)).toBe(asked);
});
