import { bracedAt, isStructure, quoteAt, quotedAt } from "./redact-quotes.js";
import { beginsExplanation } from "./redact-words.js";
import type { Span } from "./redact-span.js";

// Literal alternatives and bounded gaps only, so a search is linear. No boundary on the left: DB_PASSWORD, spring.datasource.password and
// authToken end in a key. A key that goes on (password_file, tokens, secretName) has no separator next and does not match.
const strongKeys = [
  "pass[-_ ]?word",
  "passwd",
  "pass[-_]?(?:phrase|code)",
  "pwd",
  "mots?[-_ ]?de[-_ ]?passe",
  "mdp",
  "phrase (?:secr[eè]te|de passe)",
  "code (?:secret|pin|d['’]acc[eè]s)",
  "passwort|kennwort|contrase[nñ]a|wachtwoord|parola d['’](?:ordine|accesso)|(?<![a-z])senha",
  "(?:clave|chiave|chave)[-_ ](?:secreta|segreta|privada|privata|api|de acceso|di accesso)|api-schl[üu]ssel|geheimer schl[üu]ssel",
  "cl[eé]s?[-_ ](?:secr[eè]te|priv[eé]e|(?:d['’]|d[-_ ])?api|d['’]acc[eè]s|de chiffrement|(?:de )?signature)",
  "jeton(?: d['’]acc[eè]s| d['’]authentification| de session)?",
  "secret[-_. ]?access[-_. ]?key",
  "(?:api|access|secret|account|shared|private|encryption|master|signing|storage|functions|subscription|license|fernet|jwt)[-_. ]?key",
  "secret",
  "token(?: d['’](?:acc[eè]s|api|authentification))?",
  "authorization",
  "(?:app|application)[-_]key",
  "credentials?",
  "client[-_. ]?secret",
  "set-cookie",
  "cookie",
  "session[-_]?id",
  "(?:store|key|user|require|master)pass",
  "(?:pre[-_]?shared|webhook|consumer|bind)[-_]?(?:key|secret|pw)",
  "[?&](?:x-(?:amz|goog)-)?(?:sig|signature)",
];
/** Words that are also other things: a place before them or the look of the value decides. */
const weakKeys = ["pass", "pw", "psk", "auth"];
/** One of these is in every key: most texts hold none, and need no search. */
const stems = (
  "pass pwd mdp secr token authorization key clé cle jeton credential cookie session pw psk auth sig " +
  "kennwort contrase wachtwoord parola senha clave chiave chave schl segret code"
).split(" ");
/** What may stand between a key and its separator: an environment, a number, an account of Azure. */
const environments =
  "(?:[-_.](?:prod|production|preprod|staging|stage|uat|test|dev|qa|old|new|primary|secondary|\\d{1,2})|\\d|(?:\\.[\\w-]{1,60}){1,5}\\.windows\\.net)?";
/** MDP_ORACLE, passwordFtp, TOKEN_GITLAB: what the secret opens, unless it says that the name is of something else about it. */
const openedBy = "(?:(?:[-_][a-z0-9]|(?<=word|passwd|mdp|passe|pwd)[a-z][a-z0-9])[\\w-]{0,40}(?=[=:]))?";
const aboutIt = new RegExp(
  `[-_](?:\\w{0,30}[-_])?(?:${[
    "files?|fichier|path|chemin|dir|directory|policy|politique|length|longueur|len|min|max|expir\\w{0,6}|ttl|age|days?|type|names?|nom|arn|ur[li]|uris?",
    "endpoint|host|port|count|counter|limit|rate|format|algo\\w{0,8}|retr(?:y|ies)|attempts?|tries|required|enabled?|disabled?|reset|changed?|changes",
    "source|provider|manager|ref|reference|version|valid\\w{0,8}|status|state|field|champ|column|colonne|prompt|env|var|variable|timeout|scopes?|issuer",
    "audience|usage|used|pattern|regex|chars|encoding|rotation|history|store|class|mode|method|budget|window|size|per\\w{0,8}|price|cost|total|ok|ko",
    "set|update[d]?|verif\\w{0,8}|check|lock\\w{0,4}|complexity|strength|hint|label|title|help|error|msg|message|required|is|has|num|index|bucket|leeway",
    "protected|related|based|less|free|safe|only|uploads?|ratio|percent|fail\\w{0,4}|skip\\w{0,4}|warn\\w{0,4}|date|time|at|on|by|needed|accepted|rejected|denied|missing|present|exists?",
  ].join("|")})$`,
  "i",
);
const keys = `(?:${strongKeys.join("|")}|${weakKeys.join("|")})(?:${environments}|${openedBy})`;
const sign =
  "\\\\{0,3}[\"'`]?\\]?[ \\t\\u00a0\\u202f]{0,3}(?:=>|:=|::|[=:>])[ \\t\\u00a0\\u202f]{0,3}(?:[|>]?[-+]?\\r?\\n[ \\t]{1,20})?(?:\\[?[ubr]{0,2}(?=\\\\{0,3}[\"']))?";
// `<name>fs.s3a.secret.key</name><value>…`, `{"name":"DB_PASSWORD","value":"…"}`, `<add key="Password" value="…"/>`
const pair =
  "(?:</(?:name|key)>\\s{0,8}<value>|\\\\{0,3}[\"'][ \\t]{0,3},?\\s{0,8}\\\\{0,3}[\"']?value\\\\{0,3}[\"']?[ \\t]{0,3}[:=][ \\t]{0,3})";
const keyed = new RegExp(`${keys}(${pair}|${sign}|[ \\t]{1,3})`, "gi");
// "password: DB_PASSWORD = hunter2": what follows the first key is a key again, and the secret stands behind the second.
const nextKey = new RegExp(`["'\`\\\\]{0,2}[\\w.-]{0,40}${keys}${sign}`, "iy");

const placeholder = /^<[A-Z]+_\d+>/;
const alreadyMasked = new RegExp(
  `^(?:${[
    "\\*+",
    "x{3,}",
    "\\.{3}",
    "\\$\\{[^}]{0,80}\\}?",
    "\\$\\([^)]{0,80}\\)?",
    "\\$[a-z_]\\w{0,60}",
    "\\{\\{[^}]{0,80}\\}{0,2}",
    "%[sd]",
    "%\\([a-z]{1,30}\\)s",
    "%[a-z_]{1,40}%",
    "<[a-z][a-z _-]{0,40}>?",
    "\\[?redacted\\]?",
    "\\[?masked\\]?",
    "\\[?filtered\\]?",
    "\\[?hidden\\]?",
  ].join("|")})$`,
  "i",
);
// Words that follow such a key in prose: "(using password: YES)", "token: null", "mot de passe : incorrect".
const proseWord = new RegExp(
  `^(?:${[
    "unexpected|yes|no|oui|non|null|none|nil|undefined|true|false|empty|vide|missing|manquante?|absente?|required|requise?|obligatoire",
    "invalid(?:e|es|s)?|incorrecte?s?|erron[ée]e?|expir(?:ed|ée?s?)|r[ée]voqu[ée]e?|revoked|rotated|not|is|was|the|for|must|cannot|denied|refusée?|rejected|rejet[ée]e?",
    "authentication|unauthori[sz]ed|forbidden|unknown|inconnue?|inconnu|wrong|ok|done|failed|failure|found|set|unset|string|str|int|number|text|object|optional",
    "falsch|ungültig|abgelaufen|gesperrt|erforderlich|fehlt|leer|onjuist|verlopen|mancante|(?:requerid|incorrect|inválid|obligatori|caducad)[oa]",
    "(?:vencid|obbligatori|scadut|errat|vuot|expirad|rechazad|desconocid|sbagliat|vací)[oa]",
    "le|la|les|un|une|pour|est|a|an|and|or|et|ou|in|of|from|with|de|du|des|par|by|to",
  ].join("|")})$`,
  "i",
);
// Parsers say "unexpected token: from near line 1".
const parserTalk =
  /(?:unexpected|expect(?:ed|ing)|illegal|invalid|extraneous|missing|unknown|inattendu|lexical|next|last|current)\s{0,2}$/i;
// ZooKeeper's "sessionid: 0x14ede63a5a70004" and Hadoop's "Token: Token { kind: ... }".
const noCredential = /^(?:0x[0-9a-f]{1,16}(?:[,;)}\]].*)?|[{[(<]{1,3})$/i;
const workingDirectory = /^(?:\/[\w.-]+(?:\/|$)|~\/|[A-Za-z]:\\)/;
/** A file that holds a secret is no secret. */
const filePath = /^(?:(?:\/|~\/|\.{1,2}\/|[A-Za-z]:\\)[\w.\\/ -]{1,200}|[\w./-]{1,100}\.(?:pem|key|crt|p12|pfx|jks|json|keytab|ya?ml))$/i;
/** `--password`, `-Password`, `setenv NAME_`, `ENV NAME_`, `configure set aws_`: a space separates the value. */
const spaceSeparates = /(?:(?:^|[\s"'([])--?[\w-]{0,30}|\b(?:setenv|ENV|configure set)[ \t]{1,3}[\w.]{0,40}|(?:^|\n)[ \t]{0,8}(?=$))$/;

const plainRun = /[^\s"'`;<,&]+/y;
const goesOn = /<(?!\/)|[,&](?![\w.[\]-]{1,60}[=:])/y;

/** Where a value without quotes ends: at a space, a quote, a semicolon, the next key (`a=1,b=2`, `a=1&b=2`) or a closing tag. */
function endOfWord(text: string, start: number): number {
  let end = start;
  for (;;) {
    plainRun.lastIndex = end;
    if (plainRun.test(text)) end = plainRun.lastIndex;
    goesOn.lastIndex = end;
    if (!goesOn.test(text)) return end;
    end = goesOn.lastIndex;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** An end that depends only on where the next stop is, so all starts before it share it: asked for in order, a text is gone through once. */
function sharedEnd(find: (text: string, from: number) => number, text: string): (from: number) => number {
  let known = { from: 0, end: -1 };
  return (from) => {
    if (from < known.from || from > known.end) known = { from, end: find(text, from) };
    return known.end;
  };
}

export type ValueReader = {
  /** The value that begins at `start`: quoted (also `\"`), or up to a space or a separator. A quote that never closes ends with its line. */
  readonly valueAt: (start: number) => Span;
  /** What is left of the line. */
  readonly lineAt: (start: number) => Span;
};

/** Reads the values of one text. Linear in the text for all of its values together when they are asked for in order, also where one holds the next. */
export function readValues(text: string): ValueReader {
  const wordEnd = sharedEnd(endOfWord, text);
  const endOfLine = sharedEnd(lineEnd, text);
  return {
    lineAt: (start) => ({ start, end: endOfLine(start) }),
    valueAt: (start) => {
      const quote = quoteAt(text, start);
      if (quote !== undefined) return quotedAt(text, start, quote);
      const braced = bracedAt(text, start);
      if (braced !== undefined) return braced;
      const end = wordEnd(start);
      let trimmed = end;
      while (trimmed > start && end - trimmed < 8 && ",.:)]}>".includes(text.charAt(trimmed - 1))) trimmed -= 1;
      return { start, end: trimmed === start || placeholder.test(text.slice(start, start + 40)) ? end : trimmed };
    },
  };
}

const judged = 256;
/**
 * As much of a value as is judged, "…" behind it where more follows. A long value may hold many keys, each of whose values goes to the same
 * end: to judge every one of them whole is quadratic. Hidden is the whole value.
 */
export const headOf = (text: string, { start, end }: Span): string =>
  end - start > judged ? `${text.slice(start, start + judged)}…` : text.slice(start, end);

/** Whether a value says itself that it is none: a placeholder, a variable, a word of prose. */
export const isNoSecret = (value: string): boolean =>
  value === "" || placeholder.test(value) || alreadyMasked.test(value) || proseWord.test(value) || noCredential.test(value);

const looksMade = (value: string): boolean =>
  value.length >= 6 && /\d/.test(value) && /\p{L}/u.test(value) && !/^[\d.]+[a-z]{1,3}$/i.test(value);

/** `pass=`, `pw=`, `auth=`: a name before it (`DB_PASS`, `smtpPass`) or a value that looks made up. */
function isWeakSecret(value: string, key: string, before: string): boolean {
  if (/^[\d.,/%]+$/.test(value)) return false;
  if (/^(?:PASS|PW)_[A-Z]/.test(key)) return value.length >= 3; // PASS_ORACLE
  if (/(?:user(?:name)?|login|uid)["']?\s{0,2}[:=]/i.test(before) && /["']$/.test(before)) return value.length >= 3; // {"user":"…","pass":"…"}
  const prefix = /(?<![A-Za-z0-9])[A-Za-z0-9]*[-_.]?$/.exec(before.slice(-24))?.[0] ?? "";
  if (/^(?:first|second|third|last|multi|single|one|two|next|by|com|sur|tres|en|im|over|under|tres)[-_]?$/i.test(prefix)) return false;
  const camel = prefix !== "" && !/[-_.]$/.test(prefix);
  if (camel && !/^[A-Z]/.test(key) && !/^(?:user|db|ftp|smtp|imap|sftp|ssh|admin|root|my|http|proxy|mail|ldap)$/i.test(prefix))
    return false;
  return prefix !== "" && !/^auth$/i.test(key) ? value.length >= 3 : looksMade(value);
}

/** `password_policy`, `TOKEN_URL`, `passwordless`: a name that only begins with a secret's. */
function isAboutOne(key: string): boolean {
  const parts = key.replace(/(\p{Ll})(\p{Lu})/gu, "$1_$2");
  if (aboutIt.test(parts) && !/session[-_]?id$/i.test(parts)) return true;
  if (/[-_]ids?$/i.test(parts) && !/(?:secret|session)[-_]?id$/i.test(parts)) return true;
  return /^(?:pass_?word|passwd|mdp|mot_?de_?passe|pwd)\p{L}+$/iu.test(key) && parts === key && !/^(?:passwords?|motdepasse)$/i.test(key);
}

/** Whether a value is all that stands on its line: under `password:` stands a value, or a structure or a sentence. */
const fillsItsLine = (text: string, { end }: Span): boolean => /^["'`]?,?[ \t]*(?:\r?\n|$)/.test(text.slice(end, end + 40));

function isSecret(value: string, key: string, separator: string, before: string): boolean {
  if (isNoSecret(value)) return false;
  if (isAboutOne(key)) return false;
  const weak = /^(?:pass|pw|psk|auth)(?:[-_.][\w-]+|\d)?$/i.test(key);
  // `--password hunter2` on a command line; "password authentication failed" in prose.
  if (/^[ \t]+$/.test(separator)) {
    if (/(?:^|\s)(?:requirepass|masterauth)$/i.test(before.slice(-2) + key)) return true;
    return spaceSeparates.test(before) && before.trim() !== "" && !value.startsWith("-") && !/^authorization$/i.test(key);
  }
  // `<password>hunter2</password>`
  if (separator === ">" && !/<[\w.:-]{0,40}$/.test(before)) return false;
  if (weak && !/<value>|value/.test(separator)) return isWeakSecret(value, key, before);
  if (/^pwd$/i.test(key) && workingDirectory.test(value)) return false;
  if (/key$|^cl/i.test(key) && filePath.test(value)) return false;
  if (/^token$/i.test(key) && separator.trim() === ":" && parserTalk.test(before)) return false;
  if (/^(?:token|secret|jeton)$/i.test(key) && /^\d{1,5}$/.test(value)) return false;
  // Headers and prose share these words: "credentials: check them", "Authorization: required".
  if (/^(?:credentials?|authorization)$/i.test(key)) return value.length >= 8 && /\d/.test(value);
  return true;
}

const schemes = /^["']?(?:bearer|basic|token|digest|apikey|api-key|geniekey|sharedkey|splunk|negotiate|ntlm)[ \t]{1,3}/i;

/** Spans of the values of keys that name a secret, in order and apart from each other. Linear in the text. */
export function findKeyedValues(text: string): Span[] {
  const spans: Span[] = [];
  const values = readValues(text);
  const lower = text.toLowerCase();
  if (!stems.some((stem) => lower.includes(stem))) return spans;
  keyed.lastIndex = 0;
  for (let match = keyed.exec(text); match; match = keyed.exec(text)) {
    const separator = match[1] ?? "";
    const key = match[0].slice(0, match[0].length - separator.length);
    const before = text.slice(Math.max(0, match.index - 60), match.index);
    let from = match.index + match[0].length;
    if (separator.startsWith(">") && placeholder.test(text.slice(match.index - 1, from))) continue; // <SECRET_1>
    nextKey.lastIndex = from;
    if (nextKey.test(text)) continue;
    const scheme = schemes.exec(text.slice(from, from + 16))?.[0];
    if (scheme !== undefined) from += scheme.length;
    // A cookie header is secret to the end of its line.
    const span = /cookie$/i.test(key) && separator.includes(":") ? values.lineAt(from) : values.valueAt(from);
    if (isStructure(text, from) || (/secret$/i.test(key) && /:\d{6,14}:$/.test(before))) continue; // a map; an ARN
    if (separator.includes("\n") && (separator.includes("=") || !fillsItsLine(text, span))) continue;
    if (separator.includes(":") && beginsExplanation(text.slice(from, from + 60))) continue;
    if (!isSecret(headOf(text, span), key, separator, before)) continue;
    spans.push(span);
    keyed.lastIndex = Math.max(span.end, keyed.lastIndex);
  }
  return spans;
}
