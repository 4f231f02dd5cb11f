import type { Document } from "mongodb";

/** Documented refusals are given by their code; "refused" is for what a real server does and this one refuses by name. */
export type Refusal = number | "refused" | "error";

/** Name, documents (numbered from 0), filter, numbers that match. */
export type FilterRow = [name: string, documents: Document[], filter: Document, expected: number[] | Refusal];
export type RegexRow = [pattern: string, options: string, text: string, expected: boolean];
/** An expression over `fixture`, and its value; undefined where it has none. */
export type ExpressionRow = [expression: unknown, expected: unknown];
export type UpdateRow = [before: Document, update: Document | Document[], after: Document | Refusal, options?: Document];
export type PipelineRow = [pipeline: Document[], expected: Document[] | Refusal];
export type ProjectionRow = [projection: Document, expected: Document | Refusal];
export type SortRow = [documents: Document[], sort: Document, expected: number[] | Refusal];
export type CommandRow = [name: string, command: Document, expected: Document | Refusal];

/** An expression that is refused. */
export class Refused {
  constructor(readonly code: Refusal) {}
}
export const fails = (code: Refusal = "error"): Refused => new Refused(code);
