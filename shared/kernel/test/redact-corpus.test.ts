import { redact } from "../src/redact.js";
import { harmlessTexts } from "./harmless-texts.js";
import { moreHarmlessTexts } from "./more-harmless-texts.js";
import { moreSecretForms } from "./more-secret-forms.js";
import { secretForms } from "./secret-forms.js";

const forms = [...secretForms, ...moreSecretForms];
const harmless = [...harmlessTexts, ...moreHarmlessTexts];

test.each(forms)("redact, %s, hides the secret and leaves the rest readable", (_source, marked) => {
  const secret = /⟦([^⟧]+)⟧/.exec(marked)?.[1] ?? "";
  const text = marked.replace(/[⟦⟧]/g, "");
  const hidden = redact(text);
  expect(hidden).not.toContain(secret);
  const [before = "", after = ""] = marked.split(/⟦[^⟧]+⟧/);
  // Where a name goes with its secret, the placeholder stands for both.
  expect([hidden.startsWith(before.replace(/[\w$]{1,20}\/$/, "")), hidden.endsWith(after)]).toEqual([true, true]);
  expect(redact(hidden)).toBe(hidden);
});

test.each(harmless)("redact, harmless text %j, leaves it as it is", (text) => {
  expect(redact(text)).toBe(text);
});

test("the corpus of secrets, counted, has as many harmless texts as wanted beside it", () => {
  expect([forms.length >= 220, harmless.length >= 200]).toEqual([true, true]);
});
