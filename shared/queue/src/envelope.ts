/** Beside a payload's own fields: which request the job was added for. Not part of any contract, so a payload's key never depends on it. */
const requestKey = "$requestId";

export const closeEnvelope = <P>(payload: P, requestId: string | undefined): P =>
  requestId === undefined ? payload : { ...payload, [requestKey]: requestId };

/** The payload as it was given, untrusted, and the request's id. */
export function openEnvelope(data: unknown): { payload: unknown; requestId: string | undefined } {
  if (typeof data !== "object" || data === null || !(requestKey in data)) return { payload: data, requestId: undefined };
  const { [requestKey]: requestId, ...payload } = data as Record<string, unknown>;
  const isId = typeof requestId === "string" && /^[\w.-]{1,128}$/.test(requestId); // it goes into every log line
  return { payload, requestId: isId ? requestId : undefined };
}
