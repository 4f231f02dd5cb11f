import { readRetryAfter } from "./retry-after.js";

test.each([
  ["seconds", { "Retry-After": "3" }, 3_000],
  ["nothing", {}, 1_000],
  ["a word", { "retry-after": "soon" }, 1_000],
  ["an empty value", { "retry-after": "" }, 1_000],
  ["an hour", { "retry-after": "3600" }, 60_000],
  ["a time that has passed", { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, 0],
  ["a provider's, handed on by LiteLLM", { "llm_provider-retry-after": "7" }, 7_000],
  ["another proxy's", { "x-upstream-retry-after": "9" }, 9_000],
  ["both, where the plain one counts", { "llm_provider-retry-after": "7", "retry-after": "2" }, 2_000],
  ["a name that only looks so", { "x-noretry-after-all": "9" }, 1_000],
])("readRetryAfter, a server says %s, is read", (_situation, headers, ms) => {
  expect(readRetryAfter(Object.entries(headers))).toBe(ms);
});
