import { createDrain, type Drain, type DrainText } from "./drain.js";
import { maskText, signatureId, type ErrorSignature } from "./error-signature.js";

/** A text as the tree takes it: masked, split on spaces, its codes apart. Undefined when nothing is left of it. */
export function drainTextOf(text: string): DrainText | undefined {
  const masked = maskText(text);
  return masked.text === "" ? undefined : { tokens: masked.text.split(" "), anchor: masked.codes.join(" ") };
}

/** What became of a text. `change`: its template is as it was, has more wildcards now, or is new. */
export type Placement = ErrorSignature & { readonly change: "known" | "widened" | "born" };

/**
 * Gives each text its signature, learning templates as it goes: masks, then one Drain tree. A signature's id is that of the first text of
 * its group and stays when the template widens. Null for a text without words.
 */
export function createSignatureMiner(drain: Drain = createDrain()) {
  return {
    place(text: string): Placement | null {
      const masked = drainTextOf(text);
      if (!masked) return null;
      const { cluster, change } = drain.place(masked, () => signatureId(masked.tokens.join(" ")));
      return { id: cluster.id, template: cluster.tokens.join(" "), change };
    },
  };
}
