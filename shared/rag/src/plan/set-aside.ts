import { foldInPlace } from "../fold-text.js";

export type Place = readonly [start: number, end: number];

const address = String.raw`(?: (?:l'equipe|(?:the |dear )?team|a (?:tous|toutes|vous)|tous|toutes|all|everyone|everybody|there|again|guys|folks|(?:tout )?le monde|les gars|les amis|\p{L}[\p{L}-]*))?`;
/** "Bonjour l'équipe,", "Hi Bob,", "Good morning!": who is spoken to, up to the first mark. */
const greeting = new RegExp(
  String.raw`^\s*(?:bonjour|bonsoir|salut|coucou|slt|bjr|bsr|re|hello|hi|hey|yo|dear|(?:good )?(?:morning|afternoon|evening))${address}\s*[,.!:;]+`,
  "u",
);
/** "Merci d'avance !", "have a nice evening", "thanks Bob": the end of a message. */
const farewell = new RegExp(
  String.raw`(?:(?<=[\s,.!?;])|^)(?:(?:un )?(?:grand )?merci(?: (?:beaucoup|bien|d'avance|par avance|encore|infiniment|pour (?:ton|votre) aide|a (?:toi|vous|tous)))*|(?:many )?thanks(?: (?:a lot|so much|in advance|again|for (?:your|the) help))*|thank you(?: (?:so much|very much|in advance))*|cordialement|bien a (?:vous|toi)|(?:best|kind) regards|cheers|a plus|bonne? (?:journee|soiree|nuit|week-?end|fin de journee|continuation)(?: a (?:tous|vous|toi))?|(?:have a )?(?:good|nice|great) (?:day|evening|night|weekend|one))(?:,? \p{L}+)?[\s.!,;:)-]*$`,
  "u",
);

/** Where a message greets, thanks and takes leave around what it asks; nothing when it does only that. */
export function courtesies(text: string): Place[] {
  const folded = foldInPlace(text);
  const opened = greeting.exec(folded)?.[0].length ?? 0;
  const places: Place[] = opened > 0 ? [[0, opened]] : [];
  for (let end = text.length; ;) {
    const closing = farewell.exec(folded.slice(0, end));
    if (!closing || closing.index < opened) break;
    places.push([closing.index, end]);
    end = closing.index;
  }
  const left = blank(folded, places).replace(agreement, " ");
  return /[\p{L}\p{N}]/u.test(left) ? places : [];
}
const agreement =
  /(?<!\p{L})(?:ok|okay|d'accord|super|parfait|top|cool|genial|nickel|bien|tres|c'est|compris|note|great|perfect|nice|got it|fine|alright|oui|non|yes|no)(?!\p{L})/gu;

const ends = /[.!?;…]+(?=\s)|\n+/g;
/** A sentence that narrows what another one asks is no remark. */
const narrows =
  /(?<!\p{L})(?:par|by|per|seulement|uniquement|que|only|just|sauf|hors|except|avec|with|sans|without|tri\p{L}*|sort\p{L}*|group\p{L}*|filtr\p{L}*|filter\p{L}*|exclu\p{L}*|ignor\p{L}*|limit\p{L}*|class\p{L}*|order\p{L}*|en|in|sur|on|pour|for|et|and)(?!\p{L})/u;

/**
 * Sentences of a message that ask nothing and state nothing of runs, such as "Un client se plaint." before the question. `speaks` tells
 * whether a part does; the remarks are left out only where another sentence speaks, and behind it only when they narrow nothing.
 */
export function remarks(text: string, speaks: (start: number, end: number) => boolean): Place[] {
  const edges = [0, ...[...text.matchAll(ends)].map(({ 0: mark, index }) => index + mark.length), text.length];
  const sentences = edges
    .slice(0, -1)
    .map((start, index) => [start, edges[index + 1] as number] as const)
    .filter(([start, end]) => /[\p{L}\p{N}]/u.test(text.slice(start, end)));
  if (sentences.length < 2) return [];
  const speaking = sentences.map(([start, end]) => speaks(start, end));
  const first = speaking.indexOf(true);
  if (first === -1) return [];
  return sentences.filter(
    ([start, end], index) => speaking[index] === false && (index < first || !narrows.test(foldInPlace(text.slice(start, end)))),
  );
}

/** A text with spaces for some of its parts: places stay. */
export const blank = (text: string, parts: readonly Place[]): string =>
  parts.reduce((rest, [start, end]) => rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end), text);
