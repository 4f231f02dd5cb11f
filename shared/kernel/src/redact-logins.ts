import type { Span } from "./redact-span.js";
import type { ValueReader } from "./redact-values.js";

/**
 * Passwords that only their order in a command makes one: `ftp> user NAME SECRET`, `isql DSN NAME SECRET`, `net use Z: \\nas\x SECRET /user:NAME`,
 * `echo SECRET | kinit NAME`. Source: the manual of each tool.
 */

/** `words`: of which one, in lower case, is in any text that has such a place. `unless`: what stands there instead of a secret. */
type Login = { readonly words: readonly string[]; readonly place: RegExp; readonly unless?: RegExp; readonly pairs?: true };

const gap = "[ \\t]{1,3}";
const name = "[\\w.@\\\\%+-]{1,64}";
/** Options without a value, before the words that count. */
const flags = `(?:-[a-zA-Z]{1,8}${gap}){0,4}`;
const place = (source: string, options = "g"): RegExp => new RegExp(source, options);

/** "331 User etl okay", "User etl connected from": what else follows a user's name. */
const notAWordBehindUser =
  /^(?:[-<|>(:]|(?:name|is|was|has|does|did|not|can|could|login|okay|ok|on|in|at|for|from|with|and|or|using|must|who|will|pass|password)\b|\w+ed\b)/i;

const logins: readonly Login[] = [
  // FTP: a client's own prompt, its protocol's trace, its script
  {
    words: ["ftp"],
    place: place(`(?<=^|\\n|ftp>${gap}|["'>\`;]${gap})(?:quote${gap})?user${gap}${name}${gap}(?=\\S)`, "gi"),
    unless: notAWordBehindUser,
  },
  { words: ["user "], place: place(`\\bUSER${gap}${name}(?:\\s{1,4}|[;,] ?)PASS${gap}`) },
  { words: ["pass "], place: place(`(?<=^|\\n)(?:-{1,4}>|[<>]|C:|ftp>|lftp>|\\d{1,6} ?>)${gap}(?:quote${gap})?pass${gap}(?=\\S)`, "gi") },
  // ODBC's and Firebird's shells: DSN, user, password
  {
    words: ["isql", "iusql"],
    place: place(
      `(?<![\\w.-])iu?sql${gap}${flags}(?!-|(?:exited|failed|command|returned|error|ended|is|was|not|could|cannot)\\b)[\\w.-]{1,64}${gap}(?!-)${name}${gap}(?=[^\\s-])`,
    ),
    unless: /^[:|>;&]/,
  },
  // Windows
  {
    words: ["net use"],
    place: place(`\\bnet use(?:${gap}[A-Z*]:?)?${gap}\\\\\\\\\\S{1,120}${gap}(?=[^\\s/*])`, "gi"),
    unless: /^[|>&:;]|^(?:failed|returned|error)$/i,
  },
  { words: ["net user"], place: place(`\\bnet user${gap}${name}${gap}(?=[^\\s/*])(?=\\S{1,100}${gap}/)`, "gi") },
  { words: ["cmdkey", "xfreerdp", "wmic", "winexe", "wfreerdp"], place: place(`(?<=[ \\t])/(?:p|pass|password):`, "gi") },
  // A password is piped in
  {
    words: ["echo", "printf"],
    place: place(
      `\\b(?:echo|printf)${gap}(?:-[ne]${gap})?(?:["']?%s(?:\\\\n)?["']?${gap})?(?=(?:"[^"\\n]{1,100}"|'[^'\\n]{1,100}'|[^\\s"'|]{1,100})[ \\t]{0,3}\\|[ \\t]{0,3}` +
        `(?:sudo${gap}(?:-\\w${gap}){0,3}-S|kinit|passwd|su(?![\\w-])|(?:docker|podman|helm|oc|skopeo|buildah|az|gh|npm|regctl|crane)\\b[^|\\n]{0,80}` +
        `(?:password-stdin|with-token)|gpg\\b[^|\\n]{0,80}passphrase-fd|openssl\\b[^|\\n]{0,80}stdin|cryptsetup|sshfs|mount|smbpasswd|saslpasswd2|ldap\\w{3,8}\\b))`,
    ),
    unless: /^(?:\$|[yYnN]$|yes$|no$)/,
  },
  {
    words: ["chpasswd"],
    place: place(`\\b(?:echo|printf)${gap}["']?${name}:(?=[^\\s"'|]{1,100}["']?[ \\t]{0,3}\\|[ \\t]{0,3}(?:sudo${gap})?chpasswd)`),
  },
  {
    words: ["kinit", "sudo -s", "passwd", "login"],
    place: place(`\\b(?:kinit|sudo -S|passwd|docker login|gpg)\\b[^\\n|<]{0,80}<<<[ \\t]{0,2}`),
  },
  // expect answers a prompt
  {
    words: ["send"],
    place: place(
      `(?:assword|assphrase|asswd|de passe|PIN)[^\\n]{0,20}["'}]{1,2}(?:\\s{0,4}[;{]?\\s{0,8})send(?:_user|line)?${gap}(?:-- ?)?`,
      "gi",
    ),
  },
  { words: ["sendline"], place: place(`(?:assword|assphrase)[^\\n]{0,20}["'][^\\n]{0,10}\\)\\s{0,8}[\\w.]{0,30}\\.?sendline\\(`, "gi") },
  // One tool each
  {
    words: ["mc ", "mcli"],
    place: place(
      `\\bmc(?:li)?${gap}(?:alias set|config host add)${gap}\\S{1,64}${gap}https?://\\S{1,200}${gap}["']?\\S{1,128}["']?${gap}(?=[^\\s-])`,
    ),
  },
  { words: ["rclone"], place: place(`\\brclone${gap}obscure${gap}(?=[^\\s-])`) },
  {
    words: ["rclone"],
    place: place(
      `\\brclone${gap}config${gap}(?:create|update|password)\\b[^\\n]{0,160}?${gap}(?:pass|password|password2|secret_access_key|token|key)${gap}`,
    ),
  },
  { words: ["smbclient"], place: place(`\\bsmbclient${gap}["']?(?://|\\\\\\\\)\\S{1,120}${gap}(?=[^\\s-])`), unless: /^[:|>;&]/ },
  {
    words: ["hdbuserstore"],
    place: place(`\\bhdbuserstore${gap}(?:-\\w${gap})?set${gap}\\S{1,64}${gap}\\S{1,120}${gap}\\S{1,64}${gap}`, "gi"),
  },
  { words: ["wpa_passphrase"], place: place(`\\bwpa_passphrase${gap}\\S{1,64}${gap}`) },
  { words: ["mysqladmin"], place: place(`\\bmysqladmin\\b[^\\n|]{0,160}?${gap}password${gap}(?=\\S)`), unless: /^[:|]/ },
  { words: ["neo4j-admin"], place: place(`\\bset-initial-password${gap}(?!-)`) },
  { words: ["addauth", "setacl"], place: place(`\\b(?:addauth${gap}digest${gap}|setAcl${gap}\\S{1,100}${gap}digest:)${name}:`) },
  { words: ["unseal"], place: place(`\\boperator${gap}unseal${gap}(?!-)`) },
  { words: ["from-literal"], place: place(`--from-literal[= ]["']?[\\w.-]{1,100}=`) },
  {
    words: ["vault kv"],
    place: place(`\\bvault${gap}kv${gap}(?:put|patch)${gap}(?:-\\S{1,60}${gap}){0,3}\\S{1,160}(?=${gap}[\\w.-]{1,60}=)`),
    pairs: true,
    unless: /^(?:@|(?:\d{1,6}[smhd]?|true|false)$)/,
  },
  { words: ["_pw "], place: place(`(?<=[ \\t])(?:input|user|owner)_pw${gap}`) },
  { words: ["ansible-vault"], place: place(`\\bansible-vault${gap}encrypt_string${gap}(?!-)`) },
  {
    words: ["ansible-vault"],
    place: place(`\\bansible-vault${gap}encrypt_string\\b[^\\n|]{0,100}?${gap}(?=['"][^'"\\n]{1,200}['"]${gap}--name)`),
  },
  { words: ["htpasswd"], place: place(`\\bhtpasswd${gap}-[a-z]{0,4}(?:nb|bn)[a-z]{0,4}${gap}${name}${gap}`, "gi") },
  { words: ["snmp"], place: place(`\\bsnmp\\w{2,8}\\b[^\\n|]{0,80}?${gap}-c${gap}`), unless: /^(?:public)$/i },
  {
    words: ["auth "],
    place: place(`(?<=^|\\n|["'\`>] ?)AUTH${gap}[\\w.@-]{2,64}${gap}(?=\\S{6})`),
    unless: /^(?:failed|error|method|required|is|not|for)$/i,
  },
  { words: ["setuser"], place: place(`\\bACL${gap}SETUSER${gap}\\S{1,64}\\b[^\\n]{0,100}?${gap}>(?=\\S)`, "gi") },
  // Databases' own statements and functions: the second argument, the replaced one
  { words: ["replace"], place: place(`\\bIDENTIFIED${gap}BY${gap}\\S{1,128}${gap}REPLACE${gap}`, "gi") },
  {
    words: ["db.", "dbo.", "auth("],
    place: place(`\\bdb(?:\\.getSiblingDB\\([^)\\n]{1,64}\\))?\\.(?:auth|changeUserPassword)\\([ ]{0,2}["'][^"'\\n]{1,64}["'],[ ]{0,2}`),
  },
  { words: ["sp_"], place: place(`\\bsp_(?:addlogin|password|addremotelogin|setapprole)${gap}N?'[^'\\n]{1,64}',[ ]{0,2}N?`, "gi") },
  {
    words: ["pgp_sym", "aes_", "passphrase", "crypt("],
    place: place(
      `\\b(?:pgp_sym_(?:en|de)crypt(?:_bytea)?|aes_(?:en|de)crypt)\\([ ]{0,2}[^,()\\n]{1,100}(?:\\([^()\\n]{0,60}\\))?,[ ]{0,2}(?=["'])`,
      "gi",
    ),
  },
  { words: ["byp"], place: place(`\\b(?:EN|DE)CRYPTBYPASSPHRASE\\([ ]{0,2}N?(?=')`, "gi") },
  // A trace that shows arguments: login('etl', 'secret'), ldap_bind(Resource id #1, 'cn=…', 'secret'), mysqli_connect('host', 'user', 'secret')
  {
    words: ["login(", "bind(", "authenticate(", "logon("],
    place: place(
      `(?:login|bind|authenticate|logon|signin|sign_in)\\([ ]{0,2}(?:(?:Resource|Object)[^,'"\\n]{0,40},[ ]{0,2})?["'][^"'\\n]{1,100}["'],[ ]{0,2}(?=["'])`,
      "gi",
    ),
  },
  {
    words: ["connect", "pdo"],
    place: place(
      `(?:connect|getConnection|PDO->__construct|new PDO)\\([ ]{0,2}["'][^"'\\n]{1,160}["'],[ ]{0,2}["'][^"'\\n]{1,100}["'],[ ]{0,2}(?=["'])`,
      "gi",
    ),
  },
  // Mail
  { words: ["login "], place: place(`(?<=^|\\n|[>:] )[A-Za-z]?\\d{1,5}${gap}LOGIN${gap}["']?${name}["']?${gap}(?=\\S)`) },
  {
    words: ["auth plain", "auth login", "auth xoauth2"],
    place: place(`\\bAUTH${gap}(?:PLAIN|LOGIN|XOAUTH2)${gap}(?=[A-Za-z0-9+/]{8,}={0,2}(?:\\s|$))`, "gi"),
    unless: /^[a-z]+$/,
  },
];

/** `a=1 b='x'` on what is left of a line: each value is a secret. */
function* pairSpans(text: string, from: number, { valueAt }: ValueReader): Generator<Span> {
  const rest = /^[^\n|;]{0,400}/.exec(text.slice(from, from + 400))?.[0] ?? "";
  for (const { index, 0: pair } of rest.matchAll(/(?<=[ \t])[\w.-]{1,60}=/g)) yield valueAt(from + index + pair.length);
}

/** Spans of secrets by their order in a command. */
export function* loginSpans(text: string, lower: string, values: ValueReader): Generator<Span> {
  for (const { words, place: found, unless, pairs } of logins) {
    if (!words.some((word) => lower.includes(word))) continue;
    for (const match of text.matchAll(found)) {
      const from = match.index + match[0].length;
      for (const span of pairs === true ? pairSpans(text, from, values) : [values.valueAt(from)])
        if (unless?.test(text.slice(span.start, Math.min(span.end, span.start + 60))) !== true) yield span;
    }
  }
}
