import { foldText } from "../fold-text.js";
import { commonWords } from "./common-words.js";
import { fillerWords } from "./filler-words.js";
import { isStatusWord } from "./status-words.js";

/** A word of a question that is spelt as systems spell names, and no speech. */
export type Identifier = { readonly start: number; readonly end: number; readonly text: string };

/** Words with the signs inside of them; a comma and a semicolon part what they stand between. */
const chunks = /[^\s,;"«»“”„`]+/gu;
const edges = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;
const elision = /^(?:[ldjmntsc]|qu|jusqu|lorsqu|puisqu)['’‘]/iu;
const possessive = /['’](?:s)?$/u;

/** The identifiers of a text in its order: `svc_orders`, `job-42`, `C:\data`, `10.20.30.40`, `OrderSync`. */
export function identifiersIn(text: string): Identifier[] {
  const shouted = isShouted(text);
  return [...text.matchAll(chunks)].flatMap(({ 0: chunk, index }): Identifier[] => {
    const lead = elision.exec(chunk)?.[0].length ?? 0;
    const inner = chunk.slice(lead).replace(possessive, "");
    const opened = /^[^\p{L}\p{N}]+/u.exec(inner)?.[0].length ?? 0;
    const spelt = inner.replace(edges, "");
    const start = index + lead + opened;
    const path = pathLead.exec(inner.slice(0, opened))?.[0];
    if (path !== undefined && isPath(spelt)) return [{ start: start - path.length, end: start + spelt.length, text: path + spelt }];
    return spelt !== "" && isIdentifier(spelt, shouted) ? [{ start, end: start + spelt.length, text: spelt }] : [];
  });
}

/** `/mnt/landing`, `../in`; "/jour" and "/day" are speech. */
const pathLead = /(?:~|\.{1,2})?\/$/;
const isPath = (spelt: string): boolean => spelt.includes("/") || !isOrdinary(foldText(spelt));

/** A question in capitals spells nothing with them. */
const isShouted = (text: string): boolean => {
  const [upper, lower] = [text.match(/\p{Lu}/gu)?.length ?? 0, text.match(/\p{Ll}/gu)?.length ?? 0];
  return upper > lower;
};

/** Whether a word is spelt as names of systems are. `shouted`: its capitals say nothing. */
export function isIdentifier(word: string, shouted = false): boolean {
  if (address.test(word)) return true;
  if (isSpeech(word)) return false;
  const parts = word.split(/[^\p{L}\p{N}\p{Mn}]+/u).filter((part) => part !== "");
  if (parts.length === 0) return false;
  if (/[\p{L}\p{N}](?:[_\\@$#=~|]|::)+[\p{L}\p{N}]|[\p{L}\p{N}]:\\/u.test(word)) return true;
  if (parts.length > 1) return /['’]/.test(word) ? false : isJoined(word, parts);
  const [only = ""] = parts;
  const folded = foldText(only);
  if (commonWords.has(folded) || fillerWords.has(folded)) return false;
  if (/\p{L}\d|\d\p{L}/u.test(only)) return !known.has(folded);
  if (shouted) return false;
  if (/\p{Ll}\p{Lu}/u.test(only)) return !known.has(folded);
  return /^\p{Lu}{4,}$/u.test(only) && !known.has(folded) && !isStatusWord(folded);
}

/** Runs have a number, and flows a name: "job-42", "data-pipeline". */
const runNoun =
  /^(?:pipelines?|jobs?|flows?|flux|runs?|dags?|tasks?|taches?|workflows?|batch|etl|elt|process|traitements?|builds?|executions?)$/;

function isJoined(word: string, parts: readonly string[]): boolean {
  const folded = parts.map(foldText);
  const isPlain = (part: string) => isOrdinary(part) || /^\d+$/.test(part) || isSpeech(part);
  if (folded.some((part, at) => runNoun.test(part) && (/^\d+$/.test(folded[at + 1] ?? "") || /^\d+$/.test(folded[at - 1] ?? ""))))
    return true;
  if (folded.every(isPlain)) return /^[\p{Ll}-]+$/u.test(word) && isFlow(folded);
  if (!word.includes("-") || /[^\p{L}-]/u.test(word)) return true;
  // "self-service", "celles-ci", "data-driven": speech joins plain words as well.
  return !(openers.has(folded[0] as string) || closing.has(folded.at(-1) as string));
}

/** "data-pipeline" and "pipeline-inconnu" name a flow; "long-running" and "est-ce" none. */
function isFlow(parts: readonly string[]): boolean {
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  const named = /^(?:pipeline|job|flow|flux|dag|workflow)$/;
  if (openers.has(first) || closing.has(last)) return false;
  return named.test(first) || (named.test(last) && !describing.test(first));
}
/** "multi-job", "per-pipeline", "failed-job": of what kind, and no name. */
const describing =
  /^(?:per|by|par|each|every|any|all|one|two|three|deux|trois|same|other|autre|last|first|next|failed|failing|successful|slow|long|slowest|longest|top|worst|best|whole|full|single|running|daily|hourly|weekly|monthly|nightly|batch|etl|ci|cd|cron|build|\d+)$/;

const isOrdinary = (part: string): boolean =>
  part.length === 1 ||
  known.has(part) ||
  commonWords.has(part) ||
  fillerWords.has(part) ||
  isStatusWord(part) ||
  openers.has(part) ||
  closing.has(part);

const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));
/** What begins a word of speech that is written with hyphens, folded. */
const openers = list(`
anti apres arriere auto avant auto back bi broad check cinq clean cloud co contre cross cross-site custom de demi deux dix down early ex
extra far faux fine follow front full garde go grand hard haut hand heavy high home hors hyper ice in infra inter intra ipso key laissez low
macro main mal medium mega meta mi micro mid mini mono mot mots moyen multi nano near neo non non-stop nouveau off old on open opt out over
para peer peut plug porte post pre presque pret primo pro pseudo quasi quatre quelqu quelques re read real remue rendez retro roll root sans
savoir self semi set sign six socio soft sous spin start state step stop sub super sur tele temps third time tip top tout trans tres trois
turn ultra un under uni up vice vis vraie vrai wake warm week well wide work write x year zero e i laisser bien mieux plus moins quand
celui celle ceux celles lui elle elles eux moi toi soi nous vous la ce ces ici jusque vingt trente quarante cinquante soixante cent
vingt one two three four five seven eight nine ten twenty thirty forty fifty end day month hour minute face tete-a cote pas pied sot
libre lieu nord sud est ouest north south east west mise aller nightly mission code case time`);
/** What ends one. */
const closing = list(`
able active agnostic ahead alike alone aware away back based bound built by case ci clock critical day dela depth dessous dessus down driven
end ended ever existing facing fois free friendly go grade half heavy hoc in intensive la level life like limit line lived long made meme
memes minded minute mode month moi nous off on only oriented out over ouest est nord sud party per prone proof quarter ready related rich
run safe scale service side size sized specific term then time tier to toi top trip type uns unes up ups user vous way week wide wise year
yourself eux elle elles lui soi ce il ils on je tu t`);

/** Words with figures or capitals inside that people say, folded. */
const known = list(`
b2b b2c c2c g2b a4 a3 mp3 mp4 utf8 utf16 s3 ec2 k8s i18n l10n oauth2 h2 html5 css3 python2 python3 java8 java11 java17 java21 log4j ipv4 ipv6
md5 sha1 sha256 x64 x86 24x7 7x24 24h24 7j7 covid19 web2 web3 n1 n2 n3 l1 l2 l3 p0 p1 p2 p3 p4 sev0 sev1 sev2 sev3 sev4 office365 o365 m365 db2 as400 neo4j
d3 e2e p2p 3d 2d 4g 5g 365
github gitlab javascript typescript postgresql mysql mariadb mongodb bigquery powerbi powershell openshift openstack devops mlops dataops
finops linkedin youtube whatsapp iphone ipad vmware macos ios nodejs sharepoint onedrive servicenow pagerduty opsgenie newrelic datadog
chatgpt openai graphql nosql newsql sqlserver clickhouse duckdb rabbitmq activemq elasticsearch opensearch dynamodb cosmosdb couchdb
datahub dataframe dataframes dataset datasets datalake datawarehouse hdfs kpis slas pdfs urls ids apis crons dags etls
sqlstate errno asap urgent urgence svp fyi sla slo kpi okr etl elt dwh sql api apis csv json xml html http https sftp ftps smtp jdbc odbc crud olap oltp saas paas iaas
dsi comex codir itil itsm gdpr rgpd mttr mtbf mttd rca noc soc ldap sso vpn dns cdn cpu gpu ram ssd hdd utc cet cest gmt pst est
info infos todo wip eta ooo tldr imho rtfm afaik btw lol mdr attention important merci stop help null true false none nan`);

/** Numbers, times, dates, ordinals, amounts with their unit, versions, addresses of speech ("e.g."), inversions ("a-t-il"). */
const speech: readonly RegExp[] = [
  /^\d+(?:[.,/:'’ -]\d+)*$/u, // numbers, dates, times; an address of four numbers is none
  /^\d+(?:[.,]\d+)?(?:[-–/]\d+(?:[.,]\d+)?)?[-–]?(?:h|hr|hrs|j|jr|jrs|s|d|w|m|y|min|mn|mins|ms|sec|secs|k|g|x|e|er|re|ere|eme|ieme|st|nd|rd|th|am|pm|a\.m|p\.m|ko|mo|go|to|kb|mb|gb|tb|kib|mib|gib|eur|usd|heures?|jours?|semaines?|mois|ans?|minutes?|secondes?|hours?|days?|weeks?|months?|years?|seconds?|fois|times|percent|pct|o|b|ex)$/iu,
  /^\d+h\d*(?:min|mn|m)?(?:\d+s?)?(?:[-–/]\d+h?\d*)?$/iu, // 8h30, 24h/24, 8h-12h
  /^\d+(?:h|j|d)?[/x]\d+(?:h|j|d)?$/iu, // 24/7, 7j/7
  /^\d+(?::\d+)*(?:am|pm)?[-–]\d+(?::\d+)*(?:am|pm)?$/iu, // 8-10am
  /^(?:[tqswvpjhdln]|sem|wk|sprint|top|lot|v|rev|rc|ok|ko|jour|day|week|semaine|part|step|phase|etape)[-–+]?\d{1,4}(?:[.]\d+)*(?:[-–/]\d+)?$/iu,
  /^v?\d+(?:\.\d+){1,2}(?:[-.]?(?:rc|beta|alpha)\d*)?$/iu, // versions
  /^\d{4}-\d{2}-\d{2}(?:t[\d:.]+(?:z|[+-]\d{2}:?\d{2})?)?$/iu,
  /^\d{4}-?(?:w|s|t|q)\d{1,2}$/iu,
  /^\d{1,4}[-/.]\p{L}{3,9}[-/.]\d{1,4}$|^\d{1,2}[-]\p{L}{3,9}\.?$|^\p{L}{3,9}[-]\d{1,4}$/u, // 25-nov-2026, 25-nov
  /^(?:e\.g|i\.e|a\.m|p\.m|etc|vs|c\.-[àa]-d|p\.ex|n\.b|p\.s|s\.v\.p|r\.a\.s|a\.k\.a)$/iu,
  /-(?:t-)?(?:il|elle|ils|elles|on|ce|je|tu|nous|vous|moi|toi|lui|leur|les|le|la|y|en)$/iu, // a-t-il, donne-moi, dis-le
  /^(?:aujourd['’]?hui|quelqu['’]un|presqu['’][îi]le|entr['’]ouvert)$/iu,
  /^(?:\p{Lu}\.)+\p{Lu}?$/u, // S.L.A.
];
const address = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** "nov-2026" is a month, "job-42" no month. */
const isSpeech = (word: string): boolean =>
  !address.test(word) &&
  !(/^\p{L}{3,9}-\d+$/u.test(word) && !monthly.test(foldText(word))) &&
  speech.some((pattern) => pattern.test(foldText(word)) || pattern.test(word));
const monthly =
  /^(?:jan|feb|fev|mar|apr|avr|mai|may|jun|juin|jul|juil|aug|aou|sep|oct|nov|dec|janvier|fevrier|mars|avril|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|june|july|august|september|october|november|december|sem|wk|sprint|top|lot|rev|jour|day|week|semaine|part|step|phase|etape|covid|office|fiscal)-/;
