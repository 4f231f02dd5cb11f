import type { UnreadStatuses } from "@flow-rag/contracts";
import type { Facts } from "../facts/facts.js";
import type { Voice } from "./voice.js";
import { isMany, quote, runsNamed } from "./words.js";

const wordsShown = 3;
const wordLength = 40;

/** What a figure of failures or successes leaves out: runs whose status was not read, and runs that an upstream failure kept from running. */
export const besides = (voice: Voice, facts: Facts): string[] => [
  ...(facts.unread ? [unreadLine(voice, facts.unread, facts.runs)] : []),
  ...blockedLine(voice, facts),
];

function unreadLine(voice: Voice, unread: UnreadStatuses, runs: number): string {
  const { french, format, language } = voice;
  const { number } = format;
  const counted = `${number(unread.runs)} ${french ? "sur" : "of"} ${number(runs)} ${runsNamed(language, [], runs)}`;
  const many = isMany(language, unread.runs);
  const words = wordsNamed(voice, unread);
  const errors = unread.withError === 0 ? "" : errorsNamed(voice, unread.withError);
  return french
    ? `Attention : ${counted} ${many ? "ont" : "a"} un statut non lu (${words})${errors}. Ni succès ni échec dans les chiffres ; SOURCE_STATUSES apprend ces mots.`
    : `Careful: ${counted} ${many ? "have" : "has"} a status that was not read (${words})${errors}. Neither success nor failure in the figures; SOURCE_STATUSES teaches these words.`;
}

const errorsNamed = ({ french, format }: Voice, count: number): string =>
  french
    ? `, dont ${format.number(count)} avec un texte d’erreur, à regarder`
    : `, ${format.number(count)} of them with an error text: look at ${count === 1 ? "it" : "them"}`;

function wordsNamed({ french, format, language }: Voice, { words, wordCount }: UnreadStatuses): string {
  const shown = words.slice(0, wordsShown).map(({ word, runs }) => {
    const said = word === "" ? (french ? "sans statut" : "no status") : quote(language, word, wordLength);
    return `${said}${french ? " : " : ": "}${format.number(runs)}`;
  });
  const left = wordCount - shown.length;
  return [...shown, ...(left > 0 ? [french ? `et ${format.number(left)} autres` : `and ${format.number(left)} more`] : [])].join(", ");
}

function blockedLine({ plan, french, format, language }: Voice, { byStatus }: Facts): string[] {
  const count = byStatus.upstream_failed ?? 0;
  const { statuses } = plan.filters;
  if (count === 0 || statuses.length === 0 || statuses.includes("upstream_failed")) return [];
  const counted = `${format.number(count)} ${runsNamed(language, ["upstream_failed"], count)}`;
  return [
    french
      ? `S’y ajoute${isMany(language, count) ? "nt" : ""} ${counted} : jamais lancée${isMany(language, count) ? "s" : ""}, ni échec ni succès.`
      : `Besides, ${counted} never started: neither failure nor success.`,
  ];
}
