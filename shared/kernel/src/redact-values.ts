/** Where the value of a key such as `password=` stands in a text. */
export type Span = { readonly start: number; readonly end: number };

// Literal alternatives and bounded gaps only, so a search is linear. No boundary on the left: DB_PASSWORD, spring.datasource.password and
// authToken end in a key. A key that goes on (password_file, tokens, secretName) has no separator next and does not match.
const keys =
  "(?:pass[-_ ]?word|passwd|pass[-_]?phrase|pwd|mot[-_ ]de[-_ ]passe|mdp|secret|token|authorization|" +
  "(?:api|access|secret|account|shared|private|encryption|master|signing|storage)[-_ ]?key|secret[-_]?access[-_]?key|" +
  "credentials?|client[-_]?secret|set-cookie|cookie|session[-_]?id|[?&](?:x-amz-)?(?:sig|signature))";
const sign = "\\\\{0,3}[\"'`]?[ \\t\\u00a0\\u202f]{0,3}(?:=>|:=|[=:>])[ \\t\\u00a0\\u202f]{0,3}";
const keyed = new RegExp(`${keys}(${sign}|[ \\t]{1,3})`, "gi");
// "password: DB_PASSWORD = hunter2": what follows the first key is a key again, and the secret stands behind the second.
const nextKey = new RegExp(`["'\`\\\\]{0,2}[\\w.-]{0,40}${keys}${sign}`, "iy");

const placeholder = /^<[A-Z]+_\d+>/;
const alreadyMasked =
  /^(?:\*+|x{3,}|\.{3}|\$\{[^}]{0,80}\}?|\{\{[^}]{0,80}\}{0,2}|%[sd]|%\([a-z]{1,30}\)s|\[?redacted\]?|\[?masked\]?|\[?filtered\]?)$/i;
// Words that follow such a key in prose: "(using password: YES)", "token: null", "mot de passe : incorrect".
const proseWord =
  /^(?:yes|no|oui|non|null|none|nil|undefined|true|false|empty|vide|missing|manquante?|required|requise?|invalide?|incorrecte?|expir(?:ed|ée?)|not|is|was|the|for|must|cannot|denied|refusée?|authentication|unauthori[sz]ed|forbidden)$/i;
// Parsers say "unexpected token: from near line 1".
const parserTalk = /(?:unexpected|expect(?:ed|ing)|illegal|invalid|extraneous|missing|unknown|inattendu|lexical)\s{0,2}$/i;
// ZooKeeper's "sessionid: 0x14ede63a5a70004" and Hadoop's "Token: Token { kind: ... }".
const noCredential = /^(?:0x[0-9a-f]{1,16}\b.*|[{[(<]{1,3})$/i;
const workingDirectory = /^(?:\/[\w.-]+(?:\/|$)|~\/|[A-Za-z]:\\)/;

const unquoted = /[^\s"'`;]*/y;

/** The value that begins at `start`: quoted (also `\"`), or up to a space or a separator. A quote that never closes ends with its line. */
function valueAt(text: string, start: number): Span {
  const quote = /^\\{0,3}["'`]/.exec(text.slice(start, start + 4))?.[0];
  if (quote !== undefined) {
    const from = start + quote.length;
    const lineEnd = text.indexOf("\n", from);
    const limit = lineEnd === -1 ? text.length : lineEnd;
    let end = from;
    while (end < limit && !text.startsWith(quote, end)) end += quote.length === 1 && text.charAt(end) === "\\" ? 2 : 1;
    return { start: from, end: Math.min(end, limit) };
  }
  unquoted.lastIndex = start;
  const end = start + (unquoted.exec(text)?.[0].length ?? 0);
  const raw = text.slice(start, end);
  // `a=1,b=2`, `a=1&b=2` and `a=1</a>`: the value ends where the next key or the closing tag begins.
  const next = /[,&](?=[\w.[\]-]{1,60}[=:])|<\//.exec(raw)?.index ?? raw.length;
  const trimmed = /[,.)\]}>]{1,8}$/.exec(raw.slice(0, next))?.index ?? next;
  return { start, end: start + (placeholder.test(raw) || trimmed === 0 ? next : trimmed) };
}

function isSecret(value: string, key: string, separator: string, before: string): boolean {
  if (value === "" || placeholder.test(value) || alreadyMasked.test(value) || proseWord.test(value) || noCredential.test(value))
    return false;
  // `--password hunter2` on a command line; "password authentication failed" in prose.
  if (/^[ \t]+$/.test(separator)) return /--[\w-]{0,30}$/.test(before) && !value.startsWith("-");
  // `<password>hunter2</password>`
  if (separator.includes(">") && !separator.includes("=>") && !/<[\w.:-]{0,40}$/.test(before)) return false;
  if (/^pwd$/i.test(key) && workingDirectory.test(value)) return false;
  if (/^token$/i.test(key) && separator.trim() === ":" && parserTalk.test(before)) return false;
  // Headers and prose share these words: "credentials: check them", "Authorization: required".
  if (/^(?:credentials?|authorization)$/i.test(key)) return value.length >= 8 && /\d/.test(value);
  return true;
}

/** Spans of the values of keys that name a secret, in order and apart from each other. Linear in the text. */
export function findKeyedValues(text: string): Span[] {
  const spans: Span[] = [];
  keyed.lastIndex = 0;
  for (let match = keyed.exec(text); match; match = keyed.exec(text)) {
    const separator = match[1] ?? "";
    const key = match[0].slice(0, match[0].length - separator.length);
    const before = text.slice(Math.max(0, match.index - 42), match.index);
    let from = match.index + match[0].length;
    nextKey.lastIndex = from;
    if (nextKey.test(text)) continue;
    const scheme = /^["']?(?:bearer|basic|token|digest)[ \t]{1,3}/i.exec(text.slice(from, from + 12))?.[0];
    if (scheme !== undefined) from += scheme.length;
    // A cookie header is secret to the end of its line.
    const span = /cookie$/i.test(key) && separator.includes(":") ? { start: from, end: lineEnd(text, from) } : valueAt(text, from);
    const value = text.slice(span.start, span.end);
    if (!isSecret(value, key, separator, before)) continue;
    spans.push(span);
    keyed.lastIndex = Math.max(span.end, keyed.lastIndex);
  }
  return spans;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}
