/** One record of a file, or why there is none at that place. `line` is where it stands, from 1. */
export type FileRecord = { readonly line: number } & ({ readonly document: Record<string, unknown> } | { readonly reason: string });
