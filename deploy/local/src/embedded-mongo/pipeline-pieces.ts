import type { Document } from "bson";
import type { Variables } from "./expression-types.js";
import type { Operation } from "./operation.js";
import type { StoredDocument } from "./stored-document.js";

/** Documents of another collection of the same database, for $lookup and $unionWith. */
export type ReadCollection = (name: string) => Iterable<StoredDocument>;
export type StageContext = { variables: Variables; operation: Operation };
/** Documents come in pieces, so that others have their turn and nothing is held that need not be. */
export type Pieces = AsyncIterable<readonly Document[]>;
export type Stage = (input: Pieces, context: StageContext) => Pieces;

export async function collect(pieces: Pieces): Promise<Document[]> {
  const all: Document[] = [];
  for await (const piece of pieces) for (const document of piece) all.push(document);
  return all;
}

export async function* plainPieces(entries: Iterable<StoredDocument>, { operation }: StageContext): Pieces & AsyncGenerator<Document[]> {
  for await (const piece of operation.pieces(entries)) yield piece.map(({ plain }) => plain);
}
