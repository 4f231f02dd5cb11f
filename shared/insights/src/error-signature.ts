import { digest } from "@flow-rag/contracts";

/** Part of the index fingerprint, and the name of the groups that are learned. Raise it whenever `maskError` or a form gives another text. */
export const maskVersion = "3";

/** Part of every signature id. It stays when masks change: most texts keep their ids, and the history of the others is migrated. */
const idVersion = "2";

const maxInput = 8_000;
const maxTemplate = 300;

/** The lines that name a failure: the first, and its deepest cause. The frames between them change with every release. */
function tellingLines(text: string): string {
  // "[ERROR]" alone says nothing; a line without a letter or digit is a rule or a gap.
  const filled = text
    .split("\n")
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && !/^\s*\[?(?:error|erreur|warn(?:ing)?|fatal|info)\]?\s*$/i.test(line));
  const [head = text.trim(), next] = filled;
  // "[ERROR] COMPILATION ERROR :" announces the line that counts.
  const announces = /:\s*$/.test(head) && !/^\s*Traceback/.test(head);
  // "Database Error in model x (x.sql)" says where; the indented line below says what.
  const locates = /^\s*(?:[\w-]+ ){0,2}(?:error|failure|erreur|échec) (?:in|dans) /i.test(head) && /^\s+(?!at )\S/.test(next ?? "");
  const first = next !== undefined && (announces || locates) ? `${head.trimEnd()} ${next.trim()}` : head;
  // Python says what happened on its last line that is not indented.
  if (/^\s*Traceback \(most recent call last\)/.test(first)) return filled.findLast((line) => /^\S/.test(line)) ?? first;
  const cause = filled.findLast((line) => /^\s*(?:Caused by|Causé par)\s?:\s?\S/i.test(line));
  return cause === undefined || cause === first ? first : `${first} | ${cause.trim()}`;
}

const month =
  "(?:jan(?:uary|vier|v)?|feb(?:ruary)?|f[ée]v(?:rier|r)?|mar(?:ch|s)?|a[pv]r(?:il)?|ma[iy]|june?|juin|july?|juil(?:let|l)?|aug(?:ust)?|ao[uû]t|sep(?:tember|tembre|t)?|oct(?:ober|obre)?|nov(?:ember|embre)?|d[eé]c(?:ember|embre)?)";
const day =
  "(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:lun|mar|mer|jeu|ven|sam)(?:di|credi|dredi|edi)?|dim(?:anche)?)";
const clock = "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,:]\\d{1,9})?)?(?: ?[ap]m\\b)?(?: ?(?:Z|UTC|GMT|CES?T|[+-]\\d{2}:?\\d{2})(?![\\w:]))?";

/** Digits that say what went wrong rather than where: kept, or HTTP 404 and HTTP 503 would be one failure. */
const code =
  /\b(?:HTTP(?:\/\d\.\d)?(?: (?:status|error|code))?|status(?: code)?|(?:exit(?:ed)?|return|error|erreur|response|status|sql)?[ _-]?code(?: (?:de )?(?:retour|sortie))?|exit(?:ed)?(?: with)?(?: status)?|errno|error|signal|SQLSTATE|(?:ORA|TNS|PLS|DPY|DPI|RMAN|IMP|EXP|KUP|AADSTS|SQL|DB2|MSG|EXIT))(?: ?[:=#([]{1,2} ?'?| (?:is |: ?)?|-)?(?:-?\d{1,5}[A-Z]{0,2}|[0-9A-Z]{5})\b(?![.,:]\d|[-/]\d)/gi;

/** Answers and exits that succeeded name no failure. */
const successCode = /(?:http|status|response).*\b2\d\d$/i;

/** A word in which letters and digits mix. */
function maskWord(word: string): string {
  if (/^\d+$/.test(word)) return "<num>";
  const unit = /^\d+(\p{L}{1,3})$/u.exec(word)?.[1];
  if (unit !== undefined) return `<num>${unit}`;
  // "db01" and "worker12" are one of many; "utf8", "s3" and "db2" are names. Those with two digits are few.
  const name = /^(\p{L}{2,})\d{2,}$/u.exec(word)?.[1];
  if (name !== undefined) return /^(?:utf|sha|int|float|md|aes|base|py|jdk)$/i.test(name) ? word : `${name}<num>`;
  const islands = word.match(/\d+/g)?.length ?? 0;
  const hex = /^[0-9a-f]{6,}$/i.test(word);
  return (islands >= 2 && word.length >= 5) || hex ? (hex && word.length >= 7 ? "<hex>" : "<id>") : word;
}

/** `needs`: characters without which the pattern cannot match; looking for them costs a tenth of the pattern. */
type Mask = readonly [needs: string, pattern: RegExp, replacement: string | ((match: string, ...groups: string[]) => string)];

// Order matters: what may hold digits, slashes or colons goes before plain numbers. Every expression begins at a fixed character or behind a
// lookbehind that stops it from starting inside its own run, and repeats one class at a time, so none backtracks over more than one run.
const masks: readonly Mask[] = [
  // What redaction left: the same secret kind is the same failure.
  ["<", /<([A-Z]{3,12})_\d{1,6}>/g, (_match, kind) => `<${kind.toLowerCase()}>`],
  ["-", /(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])/gi, "<uuid>"],
  ["://", /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,40}:\/\/[^\s"'<>)\]}|,;]+/gi, "<url>"],
  ["@", /(?<![\w.%+-])[\w.%+-]+@[\w-]+\.[\w.-]*[a-z]/gi, "<email>"],
  ["<", /(?<![\w=])(['"`])<(url|email|uuid)>\1/g, (_match, _quote, kind) => `<${kind}>`],
  [
    "",
    new RegExp(`(?<![\\d-])\\d{4}[-/]\\d{2}[-/]\\d{2}(?:[T _-]{1,2}(?:${clock}|\\d{2}\\.\\d{2}\\.\\d{2}(?:\\.\\d{1,9})?))?(?!\\d)`, "gi"),
    "<date>",
  ],
  ["", new RegExp(`(?<![\\d.])\\d{1,2}[/.]\\d{1,2}[/.](?:19|20)\\d{2}(?:[T ,]{1,2}${clock})?(?![\\d.])`, "gi"), "<date>"],
  [
    "",
    new RegExp(
      `(?<![\\p{L}\\d])(?:${day}\\.?,? )?(?:${month}\\.? \\d{1,2}(?:,? \\d{4})?|\\d{1,2}(?:er)?[ -]${month}\\.?(?:[ -]\\d{4})?)(?:,? (?:at |à )?${clock})?(?: \\d{4})?(?![\\p{L}\\d:])`,
      "giu",
    ),
    "<date>",
  ],
  [".", /(?<![\w.:])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{1,5})?(?![\w.]\d)/g, "<ip>"],
  [
    ":",
    /(?<![\w:])(?=[0-9a-f:]{0,39}::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{3,39}(?![\w:])/gi,
    (match) => (/[0-9a-f]/i.test(match) ? "<ip>" : match),
  ],
  ["", /(?<![\w.@$/:\\-])[a-z0-9][a-z0-9.-]+(?::\d{2,5})?(?![\w@:])/g, (match) => maskHost(match)],
  ["", new RegExp(`(?<![\\w:.])${clock}(?![\\w:])`, "gi"), "<time>"],
  ["", /(?<![\w.,])\d{1,2} ?h ?\d{2}(?: ?min)?(?![\p{L}\d])/giu, "<time>"],
  ["/", /(?<![\w<)./:~-])~?\/[\w.@%+~=$*,:{}-]*[\w*}][\w.@%+~=$*,:{}/-]*/g, (match) => maskPath(match)],
  ["\\", /(?<![\w])(?:[a-z]:\\|\\\\\w)[^\s"'<>|*?:;,)]*/gi, "<path>"],
  [
    "",
    /(?<![\w.,])\d+(?:[.,]\d+)? ?(?:ns|µs|us|ms|millis|milliseconds?|s|secs?|seconds?|secondes?|mins?|minutes?|h|hrs?|hours?|heures?|days?|jours?)(?![\w'’<])/gi,
    "<duration>",
  ],
  // "12 MB", and the same in brackets behind it.
  ["", /(?<![\w.,])\d+(?:[.,]\d+)* ?(?:[Bb]ytes?|octets?|[KMGTPkm]i?[Bb]|[KMGTk]o|[Bo])(?![\w'’<])/g, "<size>"],
  ["<size> (", /<size> \(<size>\)/g, "<size>"],
  ["=", /(?<=[\w.-]=)(?:"[^"\n]*"|'[^'\n]*')/g, "<value>"],
  ["0", /(?<!\w)0x[0-9a-f]+/gi, "<hex>"],
  ["@", /@[0-9a-f]{4,16}(?!\w)/gi, "@<hex>"],
];

/**
 * A host by its port or by its last label, which a Java package has in front. With a port, a dash, dot or digit must tell it from a word;
 * a source file with a line number is none.
 */
function maskHost(match: string): string {
  const [, name = "", port, stop = ""] = /^(.*?)(:\d+)?([.-]*)$/.exec(match) ?? [];
  const isHost =
    port === undefined
      ? /[^.]\.(?:internal|intra|intranet|local|localdomain|lan|corp|svc|cluster|cloud|com|net|org|io|fr|eu|de|uk)$/.test(name)
      : name === "localhost" ||
        (/[.\d-]/.test(name) && /[a-z]/.test(name) && !/\.(?:java|scala|kt|py|js|ts|go|rb|sql|sh|c|cpp|cs|xml|ya?ml|json)$/.test(name));
  return isHost ? `<host>${stop}` : match;
}

/** A path without what comes behind it: a full stop, a line number. */
function maskPath(match: string): string {
  const tail = /(?::\d{1,9})*[.,:]{0,3}$/.exec(match)?.[0] ?? "";
  return `<path>${tail.replace(/\d{1,9}/g, "<num>")}`;
}

function maskNumbers(text: string): string {
  if (!/\d/.test(text)) return text;
  return (
    text
      // 3.2.5 and 1,234.56 are one number each; a sign belongs to it unless it joins words ("part-00012").
      .replace(/(?<![\p{L}\p{N}.,]|[\p{L}\p{N}>]-)-?\d+(?:[.,]\d+)+(?![\p{L}\p{N}])/gu, "<num>")
      .replace(/(?<![\p{L}\p{N}>])-(?=\d)/gu, "")
      .replace(/(?<![\p{L}\p{N}])[\p{L}\p{N}]*?\d[\p{L}\p{N}]*/gu, maskWord)
  );
}

/** Lists vary in length: "blk_<num> blk_<num> blk_<num>" is one word as well as three. Plain words may repeat on purpose. */
function collapseLists(text: string): string {
  if (!text.includes("> ")) return text;
  let previous = "";
  const kept: string[] = [];
  for (const word of text.split(" ")) {
    if (word !== previous || !/<[a-z]+>/.test(word)) kept.push(word);
    previous = word;
  }
  return kept.join(" ");
}

/** What `maskText` gives. */
export type MaskedText = {
  readonly text: string;
  /** The codes in it that name a failure, in order: two texts with different codes are different failures however alike they are. */
  readonly codes: readonly string[];
};

/**
 * An error's text with its variables masked, so that two occurrences of one failure read the same: `<uuid>`, `<url>`, `<email>`, `<ip>`, `<host>`,
 * `<date>`, `<time>`, `<path>`, `<duration>`, `<size>`, `<value>`, `<hex>`, `<id>`, `<num>`. Codes that name the failure (HTTP 404, exit code 137,
 * ORA-12541) stay. Of a trace only the first line and the last "Caused by" count.
 *
 * Shape: one line of at most 300 characters; only the first 8,000 of the text are read. Linear in its length.
 * The list and its order were chosen on labelled logs of LOGHUB (`npm run eval -- signatures`).
 */
export function maskText(text: string): MaskedText {
  // 1 234 with its no-break space is one number; other such spaces are plain ones.
  let masked = tellingLines(text.slice(0, maxInput))
    .replace(/(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))/g, "")
    .replace(/\s+/g, " ");
  for (const [needs, pattern, replacement] of masks) {
    if (!masked.includes(needs)) continue;
    masked = typeof replacement === "string" ? masked.replace(pattern, replacement) : masked.replace(pattern, replacement);
  }
  // Codes split the text: between them digits are masked, within them not.
  let result = "";
  let done = 0;
  const codes: string[] = [];
  for (const match of masked.matchAll(code)) {
    result += maskNumbers(masked.slice(done, match.index)) + match[0];
    done = match.index + match[0].length;
    if (/\d/.test(match[0]) && !successCode.test(match[0])) codes.push(match[0].toLowerCase());
  }
  result = collapseLists((result + maskNumbers(masked.slice(done))).trim());
  if (result.length <= maxTemplate) return { text: result, codes };
  // Not in the middle of a mask or of a character.
  const cut = result
    .slice(0, maxTemplate)
    .replace(/<[a-z]{0,12}$|[\ud800-\udbff]$/, "")
    .trimEnd();
  return { text: cut, codes };
}

/** The text of `maskText` alone. */
export const maskError = (text: string): string => maskText(text).text;

/** Id of the failure whose first text, masked, is `template`: `sig-` and 12 hex digits. */
export const signatureId = (template: string): string => `sig-${digest("signature", idVersion, template).slice(0, 12)}`;

/** Which failure a text is an occurrence of. */
export type ErrorSignature = {
  /** See `signatureId`. */
  readonly id: string;
  /** The masked text, for people. Never the key: a later grouping may widen it. */
  readonly template: string;
};

/** The signature of a (redacted) error text by its masks alone; null when there is none. */
export function signatureOf(text: string | null): ErrorSignature | null {
  const template = text === null ? "" : maskError(text);
  return template === "" ? null : { id: signatureId(template), template };
}
