import fc from "fast-check";
import { commonText, varying } from "./common-text.js";

test.each([
  [["Login incorrect for user etl_orders", "Login incorrect for user etl_customers"], "Login incorrect for user <…>"],
  [
    [
      'ORA-00942: table or view "HR.PAYSLIP" does not exist (user hr_batch, host hr-db:1521)',
      'ORA-00942: table or view "A.B" does not exist (user t, host x:1521)',
    ],
    'ORA-00942: table or view "<…>" does not exist (user <…>, host <…>)',
  ],
  [["write /var/a.log: no space left", "write /var/b/c.log: no space left"], "write <…>: no space left"],
  [["file a b c not found", "file d not found", "file d e not found"], "file <…> not found"],
  [["one and the same", "one  and the same "], "one and the same"],
  [["alpha beta", "gamma delta"], varying],
  [["no space left", "no space left on device"], "no space left <…>"],
  [["only"], "only"],
  [[], ""],
])("commonText, %j, keeps what all of them say", (texts, wanted) => {
  expect(commonText(texts)).toBe(wanted);
});

/** Whether a text is the common one with something, or nothing, in its gaps. */
function isFilled(common: string, text: string): boolean {
  let from = 0;
  return common.split(varying).every((part) => {
    const at = text.indexOf(part.trim(), from);
    from = at + part.trim().length;
    return at !== -1;
  });
}

test("commonText, any texts of a few words, is found in each of them", () => {
  const word = fc.constantFrom("user", "host", "(", ")", "a:", "b,", '"x"', "ORA-1", "é", "<num>");
  const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
      const common = commonText(texts);
      expect(texts.filter((each) => !isFilled(common, each))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("commonText, texts of ten thousand words, compares the first of them and says so", () => {
  const long = (end: string) => `${"word ".repeat(10_000)}${end}`;
  const common = commonText([long("a"), long("b")]);
  expect(common.split(" ").length).toBe(80);
  expect(common.endsWith("word…")).toBe(true);
});
