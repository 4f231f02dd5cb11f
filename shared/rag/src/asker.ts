/** Who asks. `owner` keeps conversations apart, such as a key's name. `sources`: whose runs may be known of at all; all of them when left out. */
export type Asker = { readonly owner: string; readonly sources?: readonly string[] | undefined };

/** Somebody who may know everything: the command line, and an API without keys. */
export const anyone: Asker = { owner: "anyone" };

/** The sources of which the asker may know. */
export const sourcesFor = (sources: readonly string[], asker: Asker): readonly string[] =>
  sources.filter((source) => !asker.sources || asker.sources.includes(source));
