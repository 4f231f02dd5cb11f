import { boundPattern, needlessBound, units } from "./count-bound.js";
import { foldInPlace } from "../fold-text.js";
import type { Operation } from "./read-intent.js";

type Asked = { readonly operation: Operation; readonly compared: boolean; readonly bounded: boolean; readonly without: boolean };

/** What has not been yet, and what is usual: the runs tell neither. */
const ahead =
  /(?<!\p{L})(?:prochaine?s? (?:execution|run|passage|lancement)s?|next (?:run|execution|start)|(?:doit|doivent|devrait|devraient|va|vont) (?:tourner|passer|demarrer|planter|echouer|s'executer|etre lance\w*)|will (?:\w+ ){0,3}(?:run|fail|start)|should (?:\w+ ){0,2}run)(?!\p{L})/gu;
const usual =
  /(?<!\p{L})(?:que d'habitude|d'habitude|habituellement|normalement|qu'avant|(?:than )?usual|usually|normally|than before)(?!\p{L})/gu;
/** A usual duration is what a median tells: only a comparison with it is not. */
const thanUsual = /(?<!\p{L})(?:que d'habitude|qu'avant|than usual|than before)(?!\p{L})/gu;
/** "2 jours de suite": how many periods or runs one after the other. */
const inARow =
  /(?<!\p{L})(?:\d+|deux|trois|two|three) (?:jours|nuits|fois|runs|executions|days|nights|times) (?:de suite|d'affilee|consecuti\p{L}+|in a row|running|straight)(?!\p{L})/gu;
/** What a run handled is not counted: "combien de lignes traitées par …", "how many rows did … load". */
const handled =
  /(?<!\p{L})(?:lignes|enregistrements|fichiers|octets|rows|records|lines|files|bytes)(?= (?:[^?!.]{0,60} )?(?:trait|charg|ingere|ecrit|integre|process|load|ingest|writ|wrote))/gu;
/** The smallest count: groups are told from the largest on, and those without any are not told. */
const fewest =
  /(?<!\p{L})(?<!(?:au|at|du|the very) )(?:(?:the )?(?:fewest|least)(?! (?:one|once|twice|\d|reliable|stable|available|time))|(?:le|la|les) moins(?= (?:d['’]|de |souvent))|(?:the )?(?:lowest|smallest) (?:number|count|amount))(?!\p{L})/gu;
const withoutSuccess = /(?<!\p{L})(?:sans (?:aucun )?succes|without (?:any |a )?success)(?!\p{L})/gu;
const toUsual =
  /(?<!\p{L})(?:par rapport a|compared? (?:to|with)|vs|que|than) (?:la |a la |the |une )?(?:moyenne|normale?|mediane|average|median|usual|habitude)(?!\p{L})/gu;
const lengths =
  /(?<!\p{L})(?:durees?|durations?|lente?s?|slow(?:er)?|long(?:ue)?s?|longer|(?:plus|moins) de temps|rapides?|faster)(?!\p{L})/gu;
const eachOf =
  /(?<!\p{L})(?:(?:de |pour |par )?chaque|(?:of |for |per )?each|every) (?:technos?|technolog\p{L}+|tech|environn?ements?|env)(?!\p{L})/gu;

/**
 * Parts of a question that no figure of the plan answers, as they are written: said to be so, because an answer without them would be
 * the answer to another question.
 */
export function beyondFigures(
  text: string,
  { operation, compared, bounded, without }: Asked,
): { text: string; start: number; end: number }[] {
  const folded = foldInPlace(text);
  const patterns: RegExp[] =
    operation === "help" || operation === "similar"
      ? []
      : [
          ...(bounded ? [] : [boundPattern]),
          ahead,
          inARow,
          handled,
          ...(without ? [] : [withoutSuccess]),
          ...(operation === "rate" || operation === "duration" ? [] : [fewest]),
        ];
  if (operation !== "missing" && operation !== "help" && operation !== "similar" && operation !== "explain" && !compared)
    patterns.push(operation === "duration" ? thanUsual : usual);
  if (operation === "compare") patterns.push(lengths, toUsual);
  if (operation === "duration" && /(?<!\p{L})(?:pipelines?|flux|jobs?)(?!\p{L})/u.test(folded)) patterns.push(eachOf);
  return patterns.flatMap((pattern) =>
    [...folded.matchAll(pattern)]
      .filter(({ 0: found }) => !needlessBound.test(found))
      .map(({ 0: found, index }) => ({ text: text.slice(index, index + found.length), start: index, end: index + found.length })),
  );
}

export type WrittenNumber = { readonly text: string; readonly start: number; readonly end: number; readonly measures: boolean };

/** Numbers of a text by themselves, also those of an id such as 20260505-1234; `measures` those before a unit of time. */
export const numbersIn = (text: string): WrittenNumber[] =>
  [...text.matchAll(/(?<![\p{L}\p{N}_.,-])\d+(?:[-_:.]\d+)*(?![\p{L}\p{N}_])/gu)].map(({ 0: written, index }) => {
    const end = index + written.length;
    return { text: written, start: index, end, measures: new RegExp(`^ ?${units}`, "iu").test(text.slice(end)) };
  });
