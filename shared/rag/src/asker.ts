/** Who asks. `owner` keeps conversations apart, such as a key's name. `sources`: whose runs may be known of at all; all of them when left out. */
export type Asker = { readonly owner: string; readonly sources?: readonly string[] | undefined };

/** Somebody who may know everything: the command line, and an API without keys. */
export const anyone: Asker = { owner: "anyone" };
