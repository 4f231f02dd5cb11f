import { redact } from "@flow-rag/kernel";

/**
 * Errors of the time before a request is written: no name, no route, nobody there, no connection in time, no trust in the other side.
 * Everything else may have happened afterwards. Source: Node's and undici's error codes.
 */
const beforeWriting =
  /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER|VERIFY).*)$/;

type Thrown = { code?: unknown; cause?: unknown; original?: unknown; originalCode?: unknown; message?: unknown; name?: unknown };
const maxDepth = 6;

/** The codes along an error's causes, the outermost first. */
function errorCodes(thrown: unknown, depth = 0): string[] {
  if (typeof thrown !== "object" || thrown === null || depth >= maxDepth) return [];
  const { code, originalCode, cause, original } = thrown as Thrown;
  const own = [code, originalCode].filter((value) => typeof value === "string");
  return [...own, ...errorCodes(original, depth + 1), ...errorCodes(cause, depth + 1)];
}

/** True when the request cannot have reached the other side. */
export const cannotHaveArrived = (thrown: unknown): boolean => errorCodes(thrown).some((code) => beforeWriting.test(code));

/** What went wrong in a few words on one line: name, code and the beginning of the message, without secrets or control characters. */
export function describeError(thrown: unknown): string {
  const { name, message } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Thrown;
  const [code] = errorCodes(thrown).toReversed();
  const text = (typeof message === "string" ? message : String(thrown)).split("\n", 1)[0] ?? "";
  const words = [typeof name === "string" && name !== "Error" ? name : undefined, code, text.slice(0, 200)].filter(Boolean).join(" ");
  return redact(words.replace(/\p{Cc}+/gu, " ")); // a server's own words may be in it
}
