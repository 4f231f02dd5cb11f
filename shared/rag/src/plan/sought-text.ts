import { foldText } from "../fold-text.js";
import type { QuestionReading } from "./question-reading.js";
import type { Operation } from "./read-intent.js";

const signatureOperations = new Set<Operation>(["similar", "explain"]);

/** Quoted text, an error code, or what stands behind "erreur de": the text that errors are searched for. */
export function textSought({ text, names, time, residue, rest }: QuestionReading, operation: Operation): string | null {
  const places = [...names.matches, ...names.unknown, ...time.windows];
  const free = (start: number, end: number) => !places.some((place) => start < place.end && end > place.start);
  for (const match of text.matchAll(/"([^"]{2,300})"|«\s*([^»]{2,300}?)\s*»|“([^”]{2,300})”/g)) {
    if (free(match.index + 1, match.index + match[0].length - 1)) return (match[1] ?? match[2] ?? match[3] ?? "").trim();
  }
  const code = /(?<![\p{L}\p{N}])(?:[A-Z]{2,}-\d{2,}|(?:HTTP|code|exit code|error) \d{1,5}|\w+(?:Exception|Error))(?![\p{L}\p{N}])/u.exec(
    text,
  );
  if (code && free(code.index, code.index + code[0].length)) return code[0];
  if (operation === "similar" && residue.length > 0)
    return /similair|semblabl|similar|deja|ever|before|ressembl|comme|like/.test(rest) ? residue.join(" ") : text.trim();
  if (operation === "help" || residue.length === 0) return null;
  const behind =
    /(?:erreurs?|errors?|echecs?|failures?|exceptions?|messages?|contenant|containing|contient|contains|avec|with|type)\s+(?:de |d'|d’|of |du |des |type |liees? (?:a|au|aux) |dus? (?:a|au|aux) |due to |with |contenant |containing |avec |related to |le mot |the word )*([\p{L}\p{N}_.-]+(?: [\p{L}\p{N}_.-]+)*)/u.exec(
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
  if (found.length > 0) return found.join(" ").replace(/(?<=\p{L}{4}[^\Wsui])s$/u, "");
  const before =
    residue.length === 1 &&
    new RegExp(`${escapeRegExp(foldText(residue[0] ?? ""))}\\s+(?:erreurs?|errors?|failures?|exceptions?)`, "u").test(foldText(text));
  if (before) return residue[0] ?? null;
  return signatureOperations.has(operation) ? residue.join(" ") : null;
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
