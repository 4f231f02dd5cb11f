import { foldText } from "../fold-text.js";
import type { QuestionReading } from "./question-reading.js";
import { technical } from "./technical-words.js";
import type { Operation } from "./read-intent.js";

const signatureOperations = new Set<Operation>(["similar", "explain"]);

/** How bad an error is is no part of its text. */
const judging =
  /^(?:seri(?:ous|eu[sx]e?s?)|critica?l?(?:ques?)?|critiques?|severes?|graves?|bloquante?s?|blocking|majors?|majeure?s?|minors?|mineure?s?|big|bigger|biggest|gros(?:se)?s?|weird|strange|etranges?|bizarres?|blocker|unusual|inhabituel\p{L}*|interesting|relevant|customers?|clients?|users?)$/u;
/** How the errors of a tool begin that do not name it. Source: Oracle Database Error Messages. */
const toolErrors: ReadonlyMap<string, string> = new Map([["oracle", "ORA-"]]);
const errorNoun = "(?:erreurs?|errors?|exceptions?|messages?)";
const behindError = new RegExp(String.raw`(?<!\p{L})${errorNoun}\s+(?:de |d'|d’|du |des |from |of |in |cote |type )?$`, "iu");
const beforeError = new RegExp(String.raw`^\s+${errorNoun}(?!\p{L})`, "iu");

/** "erreurs Oracle", where no techno is called so: what the errors of that tool say. The name stays unknown. */
export function toolText({ text, names }: Pick<QuestionReading, "text" | "names">): { name: string; sought: string } | undefined {
  const tool = names.unknown.find(
    ({ kind, start, end }) => kind === "tech" && (behindError.test(text.slice(0, start)) || beforeError.test(text.slice(end))),
  );
  return tool && { name: tool.text, sought: toolErrors.get(foldText(tool.text)) ?? tool.text };
}

const behindNumber = String.raw`(?=\s*(?:[?!.,;)]|$)|\s(?:hier|avant|ce|cette|ces|depuis|aujourd|sur|en|le|la|les|du|au|entre|pour|yesterday|today|this|last|since|on|in|for|between|during|over|of)(?!\p{L}))`;
/** "failures with 1213", "port 1521", "SQLSTATE 40001": a number that an error says. */
const numberedCode = new RegExp(
  String.raw`(?<=(?<!\p{L})(?:with|avec|contain\p{L}*|contien\p{L}*|contenant|mention\p{L}*|ports?|errno|signal)\s(?:le |the )?(?:port |number |num[ée]ro )?)\d{3,6}(?![\p{L}\p{N}%:/.-])${behindNumber}|(?<=(?<!\p{L})sqlstate\s)[\p{N}\p{Lu}]{5}(?![\p{L}\p{N}])`,
  "iu",
);

/** Quoted text, an error code, or what stands behind "erreur de": the text that errors are searched for. */
export function textSought(reading: QuestionReading, operation: Operation): string | null {
  if (operation === "help") return null;
  const { text, intent, names, time, rest } = reading;
  const residue = reading.residue.filter((word) => !judging.test(foldText(word)));
  const places = [...names.matches, ...names.unknown, ...time.windows];
  const free = (start: number, end: number) => !places.some((place) => start < place.end && end > place.start);
  const [first] = reading.sought;
  if (first) return first.text;
  const numbered = numberedCode.exec(text)?.[0];
  if (numbered !== undefined) return numbered;
  const code =
    /(?<![\p{L}\p{N}_$])(?:(?<!(?:ticket|incident|demande|jira|case|change|issue|bug)s? (?:n° ?|#)?)[A-Z]{2,}-\d{2,}|[A-Z]-\d{3,}|[A-Z]{2,}-(?=\s|$)|(?:HTTP|http|Http|code|exit code) \d{1,5}|(?:[\w$]+\.)*\w+(?:Exception|Error))(?![\p{L}\p{N}])/u.exec(
      text,
    );
  const status =
    /(?<=(?<!\p{L})(?:erreurs?|errors?|statuts?|status|code d'erreur|error code)\s)\d{3,5}(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])\d{3,5}(?=\s(?:erreurs?|errors?)(?!\p{L}))|(?<=(?<!\p{L})(?:got|get|gets|eu|renvoy\p{L}*|return\p{L}*|retourn\p{L}*|r[ée]pond\p{L}*|code|une?|an?|des|some)\s)[45]\d\d(?=s?\s*(?:[?!.,]|$)|s?\s(?:hier|avant|ce|cette|depuis|aujourd|sur|en|yesterday|today|this|last|since|on|in)(?!\p{L}))/iu.exec(
      text,
    );
  const behindColon = operation === "similar" ? afterColon(blanked(text, time.windows)) : undefined;
  if (behindColon !== undefined) return behindColon;
  if (code && free(code.index, code.index + code[0].length)) return code[0];
  if (status && free(status.index, status.index + status[0].length)) return status[0];
  if (operation === "similar" && residue.length > 0)
    return /similair|semblabl|similar|deja|ever|before|ressembl|comme|like/.test(rest)
      ? residue.join(" ")
      : blanked(text, time.windows).replace(/\s+/g, " ").trim();
  const tool = toolText(reading);
  if (tool) return tool.sought;
  if (residue.length === 0) return afterConnector(blanked(text, places)) ?? null;
  const behind =
    /(?:erreurs?|errors?|echecs?|failures?|exceptions?|problemes?|problems?|soucis?|issues?|messages?|contenant|containing|contient|contains|mentionnant|mentionn\p{L}*|mention|mentions|mentioning|evoqu\p{L}*|avec|with|about|type)\s+(?:de |d'|d’|of |du |des |type |liees? (?:a|au|aux) |dus? (?:a|au|aux) |due to |with |contenant |containing |contient |contains |qui |that |mentionnant |mentionnent |mentionne |mentioning |mention |avec |about |related to |le mot |the word |le texte |the text )*([\p{L}\p{N}_.-]+(?: [\p{L}\p{N}_.-]+)*)/u.exec(
      foldText(text),
    );
  const words = behind?.[1]?.split(" ") ?? [];
  const found: string[] = [];
  for (const word of words) {
    if (!residue.some((left) => foldText(left) === word) && !(found.length > 0 && /^(of|de|d|to|la|le|the|by|par|not|no)$/.test(word)))
      break;
    found.push(word);
  }
  while (found.length > 0 && /^(of|de|d|to|la|le|the|by|par|not|no)$/.test(found.at(-1) ?? "")) found.pop();
  // "timeouts" asks for what any error calls a timeout.
  if (found.length > 0) return found.join(" ").replace(singular, "");
  const connected = afterConnector(blanked(text, places));
  if (connected !== undefined) return connected;
  const before = wordsBeforeErrors(text, residue);
  if (before !== undefined) return before;
  if (signatureOperations.has(operation)) return residue.join(" ");
  // "la première fois qu'on a vu Quota exceeded": nothing else can have happened then.
  if ((operation === "first" || operation === "last") && names.matches.length === 0) {
    const shown = blanked(text, time.windows);
    return shown
      .slice(Math.max(shown.indexOf(residue[0] ?? ""), 0))
      .replace(/[\s?!.]+$/u, "")
      .replace(happened, "")
      .replace(/\s+/g, " ")
      .replace(singular, "");
  }
  // "combien de timeouts": nothing else can be counted there.
  const counted =
    (operation === "count" || operation === "trend" || operation === "list" || operation === "top") &&
    intent.statuses.length === 0 &&
    technical.test(foldText(residue.join(" ")));
  return counted ? foldText(residue.join(" ")).replace(singular, "") : null;
}

/** The s of a plural that an error would not have: "timeouts", but not "status" or "access". */
const singular = /(?<=\p{L}{4}[^\Wsui])s$/iu;
/** What stands behind the text of an error: "when did X last occur", "la première fois". */
const happened =
  /(?:\s+(?:last|first|occur\w*|appear\w*|happen\w*|seen|for|the|time|pour|la|une|premi[èe]re|derni[èe]re|fois|apparue?s?|arriv[ée]e?s?|survenue?s?))+$/iu;

/** "erreurs liées à la base de données", "contenant le mot listener": everything behind such words is sought. */
function afterConnector(text: string): string | undefined {
  const said =
    /(?:li[ée]e?s? (?:à|a|au|aux)|dues? (?:à|a|au|aux)|related to|due to|avec le mot|contenant le mot|with the word|containing the word)\s+(?:la |le |les |l['’]|un |une |the |a |an )?([\p{L}\p{N}][^?!.,;:"«]*)/iu.exec(
      text,
    )?.[1];
  const words = said?.trim().split(/\s{2,}/)[0];
  return words === undefined || words.length < 3 ? undefined : words;
}

/** "disk full errors", "out of memory errors": what English says before the noun. */
function wordsBeforeErrors(text: string, residue: readonly string[]): string | undefined {
  const said = /((?:[\p{L}\p{N}_.-]+\s+){1,5})(?:errors?|failures?|exceptions?|erreurs?|issues?|problems?)(?!\p{L})/u.exec(
    foldText(text),
  )?.[1];
  const words = said?.trim().split(/\s+/) ?? [];
  const left = new Set(residue.map(foldText));
  let first = words.length;
  while (first > 0 && (left.has(words[first - 1] ?? "") || joining.test(words[first - 1] ?? ""))) first -= 1;
  while (first < words.length && !left.has(words[first] ?? "") && words[first] !== "out") first += 1;
  return first < words.length && words.slice(first).some((word) => left.has(word)) ? words.slice(first).join(" ") : undefined;
}

const joining = /^(?:of|out|not|no|in|to)$/;

/** The error that a question gives in full: "déjà vu ORA-12541: TNS:no listener ?", "comme celle-ci : Tolerance exceeded". */
function afterColon(text: string): string | undefined {
  const given =
    /(?:(?:comme|like) (?:celles?|celui|ceux|this|these|that)(?:[ -]ci|[ -]l[aà])?(?: one)?|this error known|this known error|known (?:error|issue)s?|erreur (?:est[- ]elle )?connue|d[ée]j[aà] (?:vue?s?|eue?s?|rencontr[ée]e?s?)|seen|similaires? [àa]|semblables? [àa]|similar to)\s*:?\s+(?:l['’]erreur |the error |cette erreur |this error |une erreur |an error )?:?\s*(\S[^"«“]*[:.]\s*\S.*|[^"«“]*$)/iu.exec(
      text,
    )?.[1];
  const error = given?.replace(/\s+/g, " ").replace(/\s*(?:before|auparavant|avant|d[ée]j[aà])?\s*[?!.]*\s*$/u, "");
  return error !== undefined && error.length >= 3 && error.includes(":")
    ? error
    : error !== undefined && /:\s/.test(text) && error.length >= 3
      ? error
      : undefined;
}

const blanked = (text: string, parts: readonly { readonly start: number; readonly end: number }[]): string =>
  parts.reduce((rest, { start, end }) => rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end), text);

/** Whether a text that is sought stands for a tool that was named. */
export const isTextOfTool = (name: string, sought: string | null): boolean =>
  sought !== null && (sought === name || sought === toolErrors.get(foldText(name)));
