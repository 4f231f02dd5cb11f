/**
 * A status as it is compared: letters and digits alone, without accents, in lower case, so that "EN ERREUR", "En-erreur" and "enErreur" are
 * one word. What has neither letter nor digit ("✅") is itself. Looks at the first 100 characters.
 */
export function foldStatus(text: string): string {
  const short = text.slice(0, 100);
  const folded = short
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
  return folded === "" ? short.trim() : folded;
}
