/** A server's word is taken for so long at most, so that a job's own time-out stays in charge. Milliseconds. */
const longestMs = 60_000;
const usualMs = 1_000;

/**
 * How long a server that refused for now wants to be left alone: milliseconds, from seconds or an HTTP date, a minute at most; a second when it
 * does not say. A proxy may hand the header on under a name of its own that ends so (LiteLLM: `llm_provider-retry-after`): the plain one counts
 * first, then the longest of the others. Source: RFC 9110, 10.2.3.
 */
export function readRetryAfter(headers: Iterable<readonly [string, string]>): number {
  const named = [...headers].map(([name, value]) => [name.toLowerCase(), parseMs(value)] as const);
  const known = named.flatMap(([name, ms]) => (ms !== undefined && /(?:^|[-_])retry-after$/.test(name) ? [{ name, ms }] : []));
  const own = known.find(({ name }) => name === "retry-after");
  return own?.ms ?? (known.length > 0 ? Math.max(...known.map(({ ms }) => ms)) : usualMs);
}

function parseMs(value: string): number | undefined {
  const seconds = value.trim() === "" ? Number.NaN : Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(longestMs, Math.max(0, ms));
}
