import { loginSpans } from "./redact-logins.js";
import { headOf, isNoSecret, readValues, type ValueReader } from "./redact-values.js";
import type { Span } from "./redact-span.js";

/**
 * Secrets that a place in a command or a statement makes one, where no key stands before them: `curl -u user:secret`, `mysql -psecret`,
 * `IDENTIFIED BY secret`, `sqlplus user/secret@db`. Source: the manual of each tool.
 */

/** An option of some tools whose value is a secret. `joined`: the value follows the option without a space, or also so. */
type Option = { readonly tools: readonly string[]; readonly option: string; readonly joined?: "only" | "also" };
const options: readonly Option[] = [
  {
    tools: ["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlcheck", "mysqlshow", "mariadb", "mariadb-dump", "mycli"],
    option: "-p",
    joined: "only",
  },
  { tools: ["7z", "7za", "7zr", "rar", "unrar"], option: "-p", joined: "only" },
  { tools: ["sshpass"], option: "-p", joined: "also" },
  { tools: ["docker", "podman", "nerdctl", "helm", "oc", "cf", "az", "skopeo", "buildah", "crane"], option: "-p" },
  {
    tools: ["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport", "cqlsh", "beeline", "tabcmd", "pmcmd"],
    option: "-p",
  },
  { tools: ["ncftpget", "ncftpput", "ncftp", "impala-shell", "trino", "presto", "snowsql", "arangosh", "couchbase-cli"], option: "-p" },
  { tools: ["sqlcmd", "bcp", "isql", "tsql", "osql", "zip", "unzip", "fisql"], option: "-P", joined: "also" },
  { tools: ["redis-cli", "valkey-cli", "keydb-cli"], option: "-a" },
  { tools: ["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldappasswd", "ldapwhoami", "vsql"], option: "-w" },
  { tools: ["nzsql", "nzload", "plink", "pscp", "psftp"], option: "-pw" },
  { tools: ["pmrep"], option: "-x" },
  {
    tools: ["hdbsql", "cypher-shell", "rabbitmqadmin", "cbq", "cbbackupmgr", "exaplus", "psexec", "rdesktop", "useradd", "usermod"],
    option: "-p",
  },
  { tools: ["elasticsearch-users", "cntlm", "monetdb", "ntfsmount", "sqoop2-shell", "kyuubi-beeline", "spark-beeline"], option: "-p" },
  {
    tools: ["ipmitool", "mosquitto_pub", "mosquitto_sub", "mssql-cli", "kdb5_util", "ssh-keygen", "nxcmd", "basexclient", "basex"],
    option: "-P",
    joined: "also",
  },
  { tools: ["ssh-keygen"], option: "-N" },
  { tools: ["snmpget", "snmpwalk", "snmpset", "snmpbulkwalk", "snmptrap"], option: "-[AX]" },
  { tools: ["kadmin"], option: "-w" },
  { tools: ["nodetool", "putty", "winscp", "kitty", "addprinc", "cpw", "change_password"], option: "-pw" },
  { tools: ["infacmd", "infacmd.sh", "infasetup"], option: "-pd" },
  { tools: ["gbak", "gfix", "gstat", "isql-fb", "isql"], option: "-pas(?:sword)?" },
  { tools: ["swaks"], option: "-ap" },
  { tools: ["sendemail", "sendEmail"], option: "-xp" },
  { tools: ["rar", "unrar"], option: "-hp", joined: "only" },
  { tools: ["schtasks", "schtasks.exe"], option: "/rp" },
  { tools: ["openssl"], option: "-k" },
];
const optionsOf = new Map<string, RegExp[]>();
for (const { tools, option, joined } of options) {
  const gap = joined === "only" ? "(?=[^\\s-])" : joined === "also" ? "(?:[ \\t]{1,3}|(?=[^\\s-]))" : "[ \\t]{1,3}";
  const place = new RegExp(`(?<=\\s)${option}${gap}(?![ \\t-])`, "g");
  for (const tool of tools) optionsOf.set(tool, [...(optionsOf.get(tool) ?? []), place]);
}
const toolNames = [...optionsOf.keys()].sort((a, b) => b.length - a.length).join("|");
const tool = new RegExp(`(?<![\\w.-])(?:${toolNames})(?:\\.exe)?(?=[ \\t])`, "g");
/** How far behind a tool's name its options are looked for. */
const reach = 400;

/** Of docker -p is a port, unless it logs in. */
const logsIn = /^(?:docker|podman|nerdctl|helm|oc|cf|az|skopeo|buildah|crane)$/;

function* optionSpans(text: string, { valueAt }: ValueReader): Generator<Span> {
  const places = [...text.matchAll(tool)];
  for (const [index, place] of places.entries()) {
    const name = place[0].replace(/\.exe$/, "");
    const from = place.index + place[0].length;
    const next = Math.min(places[index + 1]?.index ?? text.length, from + reach);
    const line = /^[^\n|]*/.exec(text.slice(from, next))?.[0] ?? "";
    if (logsIn.test(name) && !/\blogin\b/.test(line)) continue;
    for (const option of optionsOf.get(name) ?? [])
      for (const found of line.matchAll(option)) yield valueAt(from + found.index + found[0].length);
  }
}

/** A place behind which a secret begins, whatever stands before it. `words`: of which one is in any text that has such a place. */
type Lead = { readonly words: readonly string[]; readonly place: RegExp };
const leads: readonly Lead[] = [
  // SQL: CREATE USER, ALTER ROLE, SET PASSWORD, CREATE DATABASE LINK
  {
    words: ["identified"],
    place:
      /\bIDENTIFIED[ \t]{1,3}(?:WITH[ \t]{1,3}['"]?\w{1,40}['"]?[ \t]{1,3})?(?:BY|AS|USING)[ \t]{1,3}(?:VALUES[ \t]{1,3}|PASSWORD[ \t]{1,3})?/gi,
  },
  {
    words: ["password"],
    place: /\b(?:WITH|ENCRYPTED|UNENCRYPTED|LOGIN|SUPERUSER|ROLE[ \t]\w{1,60}|USER[ \t]\w{1,60})[ \t]{1,3}PASSWORD[ \t]{1,3}(?=['"])/gi,
  },
  { words: ["password"], place: /\bPASSWORD[ \t]{0,2}\([ \t]{0,2}(?=['"])/gi },
  // db2 connect to DB user U using P
  {
    words: ["using"],
    place: /\bconnect[ \t]{1,3}to[ \t]{1,3}[\w.-]{1,64}[ \t]{1,3}user[ \t]{1,3}[\w.\\@-]{1,64}[ \t]{1,3}using[ \t]{1,3}(?!\()/gi,
  },
  // .netrc
  {
    words: ["login"],
    place: /\blogin[ \t\n]{1,8}(?!(?:with|by|and|or|via|using|without|requires|from)\b)[\w.@+-]{1,100}[ \t\n]{1,8}password[ \t\n]{1,8}/gi,
  },
  // PowerShell
  { words: ["securestring"], place: /\bConvertTo-SecureString[ \t]{1,3}(?:-String[ \t]{1,3})?(?=['"])/gi },
  // openssl -passin pass:…
  { words: ["pass:"], place: /(?<=-pass(?:in|out|word)?[ \t]{1,3})pass:/g },
  // Java's keytool and jarsigner, Hadoop
  {
    words: ["-storepass", "-keypass", "storepass", "-password", "-pwd", "-passphrase"],
    place: /(?<=[ \t])-(?:storepass|keypass|srcstorepass|deststorepass|password|pwd|passphrase)[ \t]{1,3}(?!-)/gi,
  },
  // redis.conf and its commands
  { words: ["requirepass", "masterauth", "auth_pass"], place: /(?<![\w-])(?:requirepass|masterauth|auth_pass)[ \t]{1,3}/gi },
  { words: ["auth "], place: /(?<=^|\n|["'`>] ?)AUTH[ \t]{1,3}(?=\S{6})(?![A-Z][a-z]|failed|error)/g },
  // Vault, RabbitMQ, htpasswd, net use
  { words: ["vault"], place: /\bvault[ \t]{1,3}login[ \t]{1,3}(?![-\s])(?!method)/g },
  { words: ["add_user", "change_password"], place: /\b(?:add_user|change_password)[ \t]{1,3}[\w.@-]{1,64}[ \t]{1,3}/g },
  { words: ["htpasswd"], place: /\bhtpasswd[ \t]{1,3}-[a-z]{0,4}b[a-z]{0,4}[ \t]{1,3}\S{1,200}[ \t]{1,3}[\w.@-]{1,64}[ \t]{1,3}/gi },
  { words: ["/user:"], place: /(?<=[ \t])\/user:[\w.\\@-]{1,64}[ \t]{1,3}(?![\s/])/gi },
];
const isMade = (value: string): boolean =>
  value.length >= 6 && /\d/.test(value) && /\p{L}/u.test(value) && !/^(?:sha\d+|md5|base64|utf-?8|\d+\w{1,5})$/i.test(value);

function* leadSpans(text: string, lower: string, { valueAt }: ValueReader): Generator<Span> {
  for (const { words, place } of leads) {
    if (!words.some((word) => lower.includes(word))) continue;
    for (const found of text.matchAll(place)) yield valueAt(found.index + found[0].length);
  }
}

// curl -u user:secret, lftp -u user,secret, smbclient -U user%secret
const userOption =
  /(?<![\w-])(?:-[uU][ \t=]{0,2}|--(?:proxy-)?user(?:pwd)?[ \t=]{1,2}|--auth[ \t=]|(?<=\bhttps?[ \t](?:-\w+[ \t])?)-a[ \t])["']?[\w.@\\+-]{1,64}([:,%])(?=[^\s/])/g;
const runsAs = /\b(?:docker|podman|nerdctl|kubectl|chown|setpriv|gosu|su-exec|install|rsync|ps|pgrep|pkill|squeue|sacct)\b/;
const takesComma = /\b(?:lftp|sftp|open|ncftp\w{0,4})\b/;
const takesPercent = /\b(?:smb\w{1,8}|rpcclient|net|winexe|wmic|nmblookup)\b/;
/** The command that an option stands in, as far as it is looked at. */
const commandBefore = (text: string, at: number): string =>
  text
    .slice(Math.max(0, at - 160), at)
    .split(/[\n|;]/)
    .at(-1) ?? "";

function* userSpans(text: string, { valueAt }: ValueReader): Generator<Span> {
  const mayRunAs = runsAs.test(text);
  for (const found of text.matchAll(userOption)) {
    const from = found.index + found[0].length;
    const opened = /["'](?=[\w.@\\+-]{1,64}[:,%]$)/.exec(found[0])?.[0];
    const end = opened === undefined ? valueAt(from).end : endOfQuote(text, from, opened);
    const user = /[\w.@\\+-]{1,64}(?=[:,%]$)/.exec(found[0])?.[0] ?? "";
    const value = headOf(text, { start: from, end });
    if (/^\d+$/.test(value) || value === user || value.includes("://") || (user === "jdbc" && found[1] === ":")) continue;
    const before = mayRunAs || found[1] !== ":" ? commandBefore(text, found.index) : "";
    if (runsAs.test(before)) continue;
    if (found[1] === "," && !takesComma.test(before)) continue;
    if (found[1] === "%" && !takesPercent.test(before)) continue;
    yield { start: from, end };
  }
}

function endOfQuote(text: string, from: number, quote: string): number {
  let end = from;
  while (end < text.length && text.charAt(end) !== quote && text.charAt(end) !== "\n") end += 1;
  return end;
}

// Teradata: .LOGON host/user,secret
const logon = /(?:\.logon[ \t]{1,3}[^\s,;]{1,100},|\blogon[ \t]{1,3}[^\s,;/]{1,60}\/[^\s,;]{1,60},)(?=\S)/gi;
// .pgpass: host:port:database:user:secret, a line of its own
const pgpass = /(?<=^|\n)(?:[\w.-]{1,100}|\*):(?:\d{4,5}|\*):(?:[\w-]{1,63}|\*):[\w.-]{1,63}:(?=[^\s:]{6,200}[ \t]*(?:\n|$))/g;
// user:secret@tcp(host:3306)/db of Go, user:secret@host:5432
const bareDsn =
  /(?<![\w./:@-])[A-Za-z][\w.-]{0,40}:(?=[^\s:@/'"]{4,64}@(?:(?:tcp|unix)\(|(?!sha\d)[A-Za-z0-9][\w.-]{1,100}:\d{2,5}(?!\w)))/g;

function* placedSpans(text: string, lower: string, { valueAt }: ValueReader): Generator<Span> {
  if (lower.includes("logon")) for (const found of text.matchAll(logon)) yield valueAt(found.index + found[0].length);
  for (const found of text.matchAll(pgpass)) {
    const from = found.index + found[0].length;
    const end = from + (/^\S+/.exec(text.slice(from, from + 200))?.[0].length ?? 0);
    if (isMade(text.slice(from, end))) yield { start: from, end };
  }
  if (!text.includes("@")) return;
  for (const found of text.matchAll(bareDsn)) {
    const from = found.index + found[0].length;
    yield { start: from, end: text.indexOf("@", from) };
  }
}

/** Spans of secrets by their place, in order and apart from each other. Linear in the text. */
export function findPlacedSecrets(text: string): Span[] {
  const lower = text.toLowerCase();
  // What a text does not hold need not be looked for: most errors hold no command.
  const all = [
    ...(/[ \t](?:-[pPawxANXhk]|\/rp)/.test(text) ? optionSpans(text, readValues(text)) : []),
    ...leadSpans(text, lower, readValues(text)),
    ...loginSpans(text, lower, readValues(text)),
    ...(/-u|-a |--(?:(?:proxy-)?user|auth)/i.test(text) ? userSpans(text, readValues(text)) : []),
    ...(text.includes(":") || lower.includes("logon") ? placedSpans(text, lower, readValues(text)) : []),
  ]
    .filter((span) => span.end > span.start && !isNoSecret(headOf(text, span)))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: Span[] = [];
  for (const span of all) if (span.start >= (apart.at(-1)?.end ?? 0)) apart.push(span);
  return apart;
}

const oracleTool =
  /(?<![\w.-])(?:(?:sqlplus|sqlldr|expdp|impdp|exp|imp|rman|sqlcl|connect|conn)(?=[ \t])|userid[ \t]{0,2}=|jdbc:oracle:(?:thin|oci8?):)/gi;
const oracleLogin = /^["']?([\w.$#[\]-]{1,64})\/("[^"\s]{1,128}"|[^\s/@"'<>;]{1,128})(@|["']?(?=$))/;

/** Spans of `user/secret` behind the tools of Oracle: with `@database` behind any of them, without it behind those that only log in so. */
export function findOracleLogins(text: string): Span[] {
  const spans: Span[] = [];
  if (!text.includes("/")) return spans;
  const places = [...text.matchAll(oracleTool)];
  for (const [index, place] of places.entries()) {
    const from = place.index + place[0].length;
    const joined = /[=:]$/.test(place[0]);
    const next = Math.min(places[index + 1]?.index ?? text.length, from + 200);
    const line = /^[^\n|;]*/.exec(text.slice(from, next))?.[0] ?? "";
    for (const [word, { length }] of [...line.matchAll(/\S+/g)].slice(0, 8).map((found) => [found, found[0]] as const)) {
      if (length === 0 || (!joined && word.index === 0)) break;
      const login = oracleLogin.exec(word[0]);
      const sure = login?.[3] === "@" || /^(?:sqlplus|sqlldr|expdp|impdp)$/i.test(place[0]);
      if (login && sure) {
        const start = from + word.index + (/^["']/.test(word[0]) ? 1 : 0);
        spans.push({ start, end: start + (login[1] ?? "").length + 1 + (login[2] ?? "").length });
        break;
      }
      if (joined) break;
    }
  }
  return spans;
}
