import { maskText, signatureId, type ErrorSignature } from "./error-signature.js";
import type { MaskedWords } from "./signature-form.js";
import { createSignatureGroups, type SignatureGroups } from "./signature-groups.js";

/** A text as groups take it: masked, split on spaces, its codes apart. Undefined when nothing is left of it. */
export function maskedWordsOf(text: string): MaskedWords | undefined {
  const masked = maskText(text);
  return masked.text === "" ? undefined : { tokens: masked.text.split(" "), anchor: masked.codes.join(" ") };
}

/** The id of a signature that begins with this text. */
export const firstIdOf = ({ tokens }: MaskedWords): string => signatureId(tokens.join(" "));

/**
 * Gives each text its signature, learning as it goes. A signature's id is that of the first text of its group; `groups.resolve` leads to the
 * one that is kept when signatures turn out to be one. Null for a text without words.
 */
export function createSignatureMiner(groups: SignatureGroups = createSignatureGroups()) {
  return {
    place(text: string): ErrorSignature | null {
      const masked = maskedWordsOf(text);
      if (!masked) return null;
      const id = groups.place(masked, () => firstIdOf(masked));
      return { id, template: (groups.templateOf(id) ?? masked.tokens).join(" ") };
    },
  };
}
