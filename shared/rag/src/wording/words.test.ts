import { containsQuote } from "../verify/contains-quote.js";
import { quote } from "./words.js";

/** As a reader sees it: a hair space takes no room. */
const read = (text: string): string => text.replaceAll("\u200A", "");

test.each(["SQLSTATE[40001]: deadlock", "[2026] [1234]", "step [1] of [12], see [1, 2] and [3; 4]", "a[0] is [ 7]", "user <…> on <…>"])(
  "quote, of the error %j, reads as it is, cites nothing and is word for word the record's",
  (error) => {
    const quoted = quote("en", error);
    expect(read(quoted)).toBe(`"${error}"`);
    expect(quoted).not.toMatch(/\[\d{1,3}[\],;]/);
    expect(containsQuote(error, quoted.slice(1, -1))).toBe(true);
    expect(containsQuote(error, read(quoted).slice(1, -1))).toBe(true);
  },
);
