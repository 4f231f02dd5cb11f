import { looksRandom } from "./redact-entropy.js";
import { ibanLength, isCard, isNir } from "./redact-numbers.js";
import { findOracleLogins, findPlacedSecrets } from "./redact-commands.js";
import { replaceVendorTokens } from "./redact-tokens.js";
import { findToldSecrets } from "./redact-prose.js";
import { findKeyedValues } from "./redact-values.js";
import type { Span } from "./redact-span.js";

type Kind = "CREDENTIALS" | "EMAIL" | "TOKEN" | "KEY" | "SECRET" | "IBAN" | "CARD" | "NIR";
/** Gives the placeholder of a value: the same for the same value. */
type Hide = (kind: Kind, value: string) => string;
type Rule = (text: string, hide: Hide) => string;

// Every expression below either has a bounded gap, begins at a fixed word, or takes its whole run at once (a lookbehind keeps it from
// starting again inside the run) and lets code judge it, so none backtracks over more than one run of characters.

/** A key block, or what is left of one that was cut. */
const pem: Rule = (text, hide) =>
  text.replace(/-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, (block) => {
    if (block.endsWith("-----") && block.includes("-----END ")) return hide("KEY", block);
    const start = /-----BEGIN [A-Z0-9 ]{1,40}-----(?:\s|\\[nr]){0,8}[A-Za-z0-9+/=]{16}/.exec(block)?.index;
    return start === undefined ? block : block.slice(0, start) + hide("KEY", block.slice(start));
  });

const harmlessUser = /^(?:git|hg|svn|anonymous|\*{1,20}(?::\*{0,20})?|\[\w{1,20}\])$/i;
// Where these have a user stands a storage container or an actor's name.
const namesBeforeAt = /(?:abfss?|wasbs?|akka(?:\.\w{1,10})?|spark)$/i;

/** `sftp://batch@host` holds no password. Of the web a token may stand alone, so there only letters are a user. */
const isUserOnly = (user: string, scheme: string): boolean =>
  (/https?$/i.test(scheme) ? /^[a-z][a-z_-]{0,23}$/i : /^[a-z][\w-]{0,31}$/i).test(user) && !looksRandom(user);

/** `scheme://user:password@host`: scheme and host stay. */
const userinfo: Rule = (text, hide) => {
  const parts = text.split("://");
  for (let index = 1; index < parts.length; index += 1) {
    const part = parts[index] ?? "";
    const run = /^[^\s"'<>`\\]*/.exec(part)?.[0] ?? "";
    const authority = /^[^/?#]*/.exec(run)?.[0] ?? "";
    // A password may hold an unescaped "/", "?" or "#"; but `host:8080/path?to=a@b` holds a port, not a password.
    const at = authority.includes("@") ? authority.lastIndexOf("@") : /^[^:]*:(?!\d{0,5}$)/.test(authority) ? run.lastIndexOf("@") : -1;
    if (at < 1) continue;
    const user = run.slice(0, at);
    const scheme = (parts[index - 1] ?? "").slice(-12);
    if (harmlessUser.test(user) || (!user.includes(":") && (namesBeforeAt.test(scheme) || isUserOnly(user, scheme)))) continue;
    parts[index] = hide("CREDENTIALS", user) + part.slice(at);
  }
  return parts.join("://");
};

const oracleLogins: Rule = (text, hide) => hideSpans(text, findOracleLogins(text), (value) => hide("CREDENTIALS", value));

/** Not the challenge `Bearer realm="…"`, and without a header's name no word of prose. */
const isCredential = (token: string, inHeader: boolean): boolean =>
  !/^[a-z_]{2,30}=$|^(?:realm|charset|scope|error\w{0,12})=/i.test(token) &&
  (inHeader || /\d|[a-z][A-Z]|[._~+/=]|^.{24,}$/.test(token.replace(/\.$/, "")));

/** `Bearer …` and `Basic …`, unless a word of prose follows ("Basic authentication failed"). */
const authorisation: Rule = (text, hide) =>
  text.replace(
    /(authorization["'\\]{0,3}[ \t]{0,3}[:=][ \t"'\\]{0,4})?\b(bearer|basic)([ \t]{1,3}|%20)([A-Za-z0-9._~+/=-]{6,})/gi,
    (all, header: string | undefined, scheme: string, gap: string, token: string) =>
      isCredential(token, header !== undefined) ? `${header ?? ""}${scheme}${gap}${hide("TOKEN", token)}` : all,
  );

const jwt: Rule = (text, hide) =>
  text.replace(/eyJ[\w.-]+/g, (run) => {
    const token = run.replace(/\.$/, "");
    const [header = "", payload = ""] = token.split(".", 2);
    return header.length >= 10 && payload.length >= 4 ? hide("TOKEN", token) + run.slice(token.length) : run;
  });

const vendor: Rule = (text, hide) => replaceVendorTokens(text, (token) => hide("TOKEN", token));

function hideSpans(text: string, spans: readonly Span[], hidden: (value: string) => string): string {
  let done = 0;
  let result = "";
  for (const { start, end } of spans) {
    result += text.slice(done, start) + hidden(text.slice(start, end));
    done = end;
  }
  return result + text.slice(done);
}

const placedSecrets: Rule = (text, hide) => hideSpans(text, findPlacedSecrets(text), (value) => hide("SECRET", value));
const toldSecrets: Rule = (text, hide) => hideSpans(text, findToldSecrets(text), (value) => hide("SECRET", value));
const keyedValues: Rule = (text, hide) => hideSpans(text, findKeyedValues(text), (value) => hide("SECRET", value));

function endOfDomain(text: string): number {
  let end = text.length;
  while (end > 0 && ".-".includes(text.charAt(end - 1))) end -= 1;
  return end;
}

/** `etl@host:/data` is where a copy goes, `etl/host@REALM` who asks Kerberos: neither is a person's address. */
const isAddressOfMachine = (text: string, start: number, end: number): boolean =>
  /^:[/~]/.test(text.slice(end, end + 2)) || /[\w.-]\/$/.test(text.slice(Math.max(0, start - 2), start));

const email: Rule = (text, hide) =>
  !text.includes("@")
    ? text
    : text.replace(
        /(?<![\p{L}\p{N}._%+-]|:\/\/)([\p{L}\p{N}._%+-]+)@([\p{L}\p{N}.-]+)/gu,
        (all, user: string, rest: string, at: number, whole: string) => {
          const domain = rest.slice(0, endOfDomain(rest));
          // `lodash@4.17.21.tgz` is a version and `git@github.com` a login, not a person.
          if (isAddressOfMachine(whole, at, at + user.length + 1 + domain.length)) return all;
          if (!/\.\p{L}{2,24}$/u.test(domain) || /^\d+\.\d/.test(domain) || harmlessUser.test(user)) return all;
          return hide("EMAIL", `${user}@${domain}`) + rest.slice(domain.length);
        },
      );

const iban: Rule = (text, hide) => {
  let result = "";
  let done = 0;
  const start = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?=[ \u00a0\u202f-]?[A-Z0-9])/gi;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const length = ibanLength(text.slice(match.index, match.index + 70));
    if (length === 0) continue;
    result += text.slice(done, match.index) + hide("IBAN", text.slice(match.index, match.index + length));
    done = match.index + length;
    start.lastIndex = done;
  }
  return result + text.slice(done);
};

const nir: Rule = (text, hide) =>
  text.replace(
    /(?<![A-Za-z0-9])[1-478][ .\u00a0\u202f-]?\d{2}[ .\u00a0\u202f-]?\d{2}[ .\u00a0\u202f-]?\d[\dAB][ .\u00a0\u202f-]?\d{3}[ .\u00a0\u202f-]?\d{3}[ .\u00a0\u202f-]?\d{2}(?![A-Za-z0-9])/gi,
    (number) => (isNir(number) ? hide("NIR", number.replace(/[ .\u00a0\u202f-]/g, "")) : number),
  );

// Written in one run or in a card's own groups: a list of small numbers is no card. Not behind a decimal point, nor in an id such as blk_-4980916519894289629.
const card: Rule = (text, hide) =>
  text.replace(
    /(?<![A-Za-z0-9.]|_-?)(?:\d{13,19}|\d{4}([ \u00a0\u202f-])\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ \u00a0\u202f-])\d{6}\2\d{4,5})(?![A-Za-z0-9])/g,
    (number) => (isCard(number) ? hide("CARD", number.replace(/\D/g, "")) : number),
  );

const highEntropy: Rule = (text, hide) =>
  text.replace(/(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,}={0,2}/g, (run) => {
    // The integrity value of a package is a public digest.
    if (/^sha(?:1|256|384|512)[-_]/.test(run)) return run;
    if (looksRandom(run)) return hide("SECRET", run);
    return run.replace(/[^/]{32,}/g, (segment) => (looksRandom(segment) ? hide("SECRET", segment) : segment));
  });

// Whole blocks first, then what has a context (an address, a header, a key), then what is known by its form alone.
const rules: readonly Rule[] = [
  pem,
  userinfo,
  oracleLogins,
  authorisation,
  jwt,
  vendor,
  placedSecrets,
  toldSecrets,
  keyedValues,
  email,
  iban,
  nir,
  card,
  highEntropy,
];
/** A replacement can free its neighbour: digits glued to a token are a card once the token is gone. More rounds than any real text needs. */
const maxRounds = 8;

/**
 * The text with its secrets replaced by placeholders such as `<EMAIL_1>`, numbered from 1 within the text; the same value has the same number.
 * Replaced: passwords in addresses (scheme and host stay), Bearer and Basic, JWT, vendor tokens, PEM blocks, values of keys such as
 * `password=` or `mot de passe :` (also in JSON, XML and on command lines), secrets by their place in commands, SQL and files
 * (`curl -u user:…`, `IDENTIFIED BY …`, `user/…@db`, .netrc), e-mail addresses, IBAN, payment cards and French NIR with a right
 * checksum, and runs of 32 or more characters that look random. Kept: UUIDs, hexadecimal digests, paths, class names, IP addresses.
 * Redacting again changes nothing. Linear in the length of the text.
 */
export function redact(text: string): string {
  const numbers = new Map<string, number>();
  const last = new Map<string, number>();
  // A text that already holds placeholders keeps them apart from new ones.
  for (const [, kind = "", number] of text.matchAll(/<([A-Z]{3,12})_(\d{1,6})>/g))
    last.set(kind, Math.max(last.get(kind) ?? 0, Number(number)));
  const hide: Hide = (kind, value) => {
    const key = `${kind} ${value}`;
    const known = numbers.get(key);
    const number = known ?? (last.get(kind) ?? 0) + 1;
    if (known === undefined) {
      numbers.set(key, number);
      last.set(kind, number);
    }
    return `<${kind}_${number}>`;
  };
  let current = text;
  for (let round = 0; round < maxRounds; round += 1) {
    const next = rules.reduce((before, rule) => rule(before, hide), current);
    if (next === current) return next;
    current = next;
  }
  return current;
}

/** How many different values each kind of placeholder stands for in the text, such as `{ EMAIL: 2 }`. */
export function countPlaceholders(text: string): Partial<Record<Kind, number>> {
  const counts: Partial<Record<Kind, number>> = {};
  for (const kind of new Set([...text.matchAll(/<([A-Z]{3,12})_\d{1,6}>/g)].map(([placeholder, name]) => `${name} ${placeholder}`))) {
    const name = kind.slice(0, kind.indexOf(" "));
    if (isKind(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
const kinds: readonly Kind[] = ["CREDENTIALS", "EMAIL", "TOKEN", "KEY", "SECRET", "IBAN", "CARD", "NIR"];
const isKind = (name: string): name is Kind => kinds.includes(name as Kind);
