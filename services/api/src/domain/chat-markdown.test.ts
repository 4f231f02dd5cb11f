import { marked } from "marked";
import { chatMarkdown } from "./chat-markdown.js";

const hostile = [
  "[click](https://evil.example/a)",
  "![x](https://evil.example/pixel.png)",
  "[a][b] [b]: https://evil.example",
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "<https://evil.example>",
  "https://evil.example www.evil.example ops@evil.example",
  "# a heading",
  "**bold** __bold__ _em_ ~~gone~~",
  "```js\nalert(1)\n``` ` `` [x](https://evil.example)",
  "> quote\n- item\n1. item\n| a | b |\n|---|---|",
  "\\[x^2\\] $$x$$ &lt;img src=x&gt;",
  "[1](https://evil.example) [2]: https://evil.example",
  'a » ![x](https://evil.example/p.png) « b " ![x](https://evil.example/q.png) "',
];
/** What a renderer makes of a text beyond words, paragraphs, lines, lists of ours and code. */
const active = (html: string): string[] =>
  [...html.matchAll(/<\/?([a-z][a-z0-9]*)[^>]*>/gi)].flatMap(([, tag = ""]) => (["p", "code", "br"].includes(tag) ? [] : [tag]));
const rendered = (markdown: string): string => marked.parse(markdown, { gfm: true, breaks: true, async: false });

test("marked, of the hostile texts as they stand, acts on all but formulas, which it does not know", () => {
  expect(hostile.filter((text) => active(rendered(text)).length === 0)).toEqual(hostile.filter((text) => text.includes("$$")));
});

test.each(hostile)("chatMarkdown, of a quotation that is %j, is code and nothing else", (text) => {
  const line = text.replace(/\s+/g, " ").replace(/[«»]/g, "'");
  expect(active(rendered(chatMarkdown(`2 échecs sur 5. Souvent\u202F: «\u202F${line}\u202F» [1].`)))).toEqual([]);
  expect(active(rendered(chatMarkdown(`2 failures out of 5: "${line.replaceAll('"', "'")}" [1].`)))).toEqual([]);
});

test("chatMarkdown, of words, names, citations and lists, leaves them as they are", () => {
  const answer = "Hier (mar. 5 mai)\u202F: 12 échecs sur 3 412 exécutions (0,4\u202F%).\n• `orders_daily`\u202F: 3 [1] [2]\n1. `a*b`";
  expect(chatMarkdown(answer)).toBe(answer);
  expect(chatMarkdown("Souvent\u202F: «\u202Fdisk full\u202F» [1].")).toBe("Souvent\u202F: «\u202F`disk full`\u202F» [1].");
});
