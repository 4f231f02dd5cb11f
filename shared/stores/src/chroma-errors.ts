import { AppError, type ErrorKind } from "@flow-rag/kernel";
import {
  ChromaClientError,
  ChromaConnectionError,
  ChromaForbiddenError,
  ChromaNotFoundError,
  ChromaQuotaExceededError,
  ChromaRateLimitError,
  ChromaServerError,
  ChromaUnauthorizedError,
  ChromaUniqueError,
  ChromaValueError,
  InvalidArgumentError,
  InvalidCollectionError,
} from "chromadb";

/** What is said of a Chroma that is silent. */
export const chromaLate = "Chroma does not answer in time";

type Row = {
  /** The client's class. */
  readonly made: new (message: string, cause?: unknown) => Error;
  /** The statuses of the server for which it stands; a class without any is the client's own. */
  readonly statuses: readonly number[];
  readonly kind: ErrorKind;
  readonly says: string;
};
const refused = "Chroma refused the request";
const wrongUrl = "check CHROMA_URL";

/**
 * What an error of Chroma's costs, by the client's class and the status it stands for. `upstream_unavailable` passes by itself and is tried
 * again, `misconfigured` needs somebody to change the set-up, `invalid_input` is about the rows that were sent.
 * Source: chromadb 3, src/chroma-fetch.ts and src/errors.ts.
 */
const rows: readonly Row[] = [
  { made: ChromaConnectionError, statuses: [], kind: "upstream_unavailable", says: "Chroma cannot be reached" },
  { made: ChromaUnauthorizedError, statuses: [401], kind: "misconfigured", says: `Chroma wants a login: ${wrongUrl}` },
  { made: ChromaForbiddenError, statuses: [403], kind: "misconfigured", says: `Chroma refused: the right is missing: ${wrongUrl}` },
  {
    made: ChromaNotFoundError,
    statuses: [404],
    kind: "upstream_unavailable",
    says: "Chroma does not have the collection: it is made anew",
  },
  { made: ChromaUniqueError, statuses: [409], kind: "conflict", says: "Chroma refused: a collection of this name is there already" },
  { made: ChromaRateLimitError, statuses: [429], kind: "rate_limited", says: "Chroma is asked too much at once" },
  { made: ChromaQuotaExceededError, statuses: [], kind: "misconfigured", says: "Chroma refused: its quota is spent" },
  { made: ChromaClientError, statuses: [400, 413, 422], kind: "invalid_input", says: refused },
  { made: ChromaValueError, statuses: [], kind: "invalid_input", says: refused },
  { made: InvalidArgumentError, statuses: [], kind: "invalid_input", says: refused },
  { made: InvalidCollectionError, statuses: [], kind: "invalid_input", says: refused },
  { made: ChromaServerError, statuses: [], kind: "upstream_unavailable", says: "Chroma failed" },
];

/** The client's error for a status, for requests that are made without it. */
export function chromaErrorOf(status: number, text: string): Error {
  const { made } = rows.find(({ statuses }) => statuses.includes(status)) ?? { made: ChromaServerError };
  return new made(text);
}

/** A vendor's error becomes a kind, so nobody above needs to know the vendor. Whose time was over stays what it is. */
export function toVectorError(cause: unknown): never {
  if (cause instanceof AppError) throw cause;
  const { name } = typeof cause === "object" && cause !== null ? (cause as Partial<Error>) : {};
  if (name === "AbortError" || name === "TimeoutError") throw cause;
  const row = rows.find(({ made }) => cause instanceof made);
  if (row) throw new AppError(row.kind, row.says, { cause });
  // An answer that is cut, or is not JSON: what stands there does not speak as Chroma does.
  throw new AppError("upstream_unavailable", "Chroma did not answer as it should", { cause });
}
