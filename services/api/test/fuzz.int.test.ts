import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import fc from "fast-check";
import { Agent, request } from "node:http";
import { fuzzRequests, type FuzzRequest, type OpenApi } from "./fuzz-requests.js";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

const requests = process.env["FLOW_RAG_SOAK"] === "true" ? 10_000 : 1_000;
jest.setTimeout(300_000);

type Answered = { readonly status: number; readonly type: string; readonly text: string; readonly requestId: string };
/** Sends a record through the queue and waits for it, which nobody consumes here. */
const spared = ["/admin/selftest"];
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
let api: LiveApi;
beforeAll(async () => {
  const unlimited = {
    RATE_LIMIT_QUESTIONS: "0",
    RATE_LIMIT_READS: "0",
    RATE_LIMIT_JOBS: "0",
    QUEUE_MAX_WAITING: "1000000",
    MAX_STREAMS: "100",
  };
  api = await startLiveApi(unlimited);
  await api.store(someRuns());
});
afterAll(async () => {
  agent.destroy();
  expect(await api.world.lifecycle.close()).toBe(true);
});

const send = ({ method, target, headers, body }: FuzzRequest): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const sent = request(
      `${api.base}${target}`,
      { method, headers: { ...headers, ...(body !== undefined && { "content-length": Buffer.byteLength(body) }) }, agent },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          const { "content-type": type = "", "x-request-id": requestId } = response.headers;
          resolve({ status: response.statusCode ?? 0, type, text, requestId: String(requestId) });
        });
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });

/** Checks an answer against the document, whatever it was that was asked. */
function createChecker(document: OpenApi, secrets: readonly string[]) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, "api");
  const compiled = new Map<string, ValidateFunction>();
  const schemaAt = (pointer: readonly string[]): ValidateFunction => {
    const ref = `api#/${pointer.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
    const known = compiled.get(ref) ?? ajv.compile({ $ref: ref });
    compiled.set(ref, known);
    return known;
  };
  const fits = (pointer: readonly string[], text: string): string | undefined => {
    const validate = schemaAt(pointer);
    return validate(JSON.parse(text)) ? undefined : ajv.errorsText(validate.errors);
  };
  return ({ method, path }: FuzzRequest, { status, type, text, requestId }: Answered): string | undefined => {
    const media = type.split(";")[0] ?? "";
    const isState = (path === "/health" || path === "/ready") && media === "application/json"; // nobody consumes here, and they say so
    if (status >= 500 && !isState) return "a fault of ours";
    if (secrets.some((secret) => text.includes(secret))) return "a secret";
    if (/\n\s+at .+:\d+:\d+|node_modules|MongoServerError|ioredis|\/src\/entry/.test(text)) return "a stack or an internal name";
    if (status === 431 && text === "") return undefined; // Node's parser refused the target and headers: more than 16 kB
    if (!/^[\w.:-]{1,64}$/.test(requestId)) return "no harmless request id";
    if (method === "HEAD" || status === 204) return undefined;
    if (status >= 400 && media === "application/problem+json") {
      const wrong = fits(["components", "schemas", "Problem"], text);
      if (wrong !== undefined) return wrong;
      if ((JSON.parse(text) as { status: number }).status !== status) return "a problem of another status";
      if (path === undefined || status === 405) return undefined; // of a target that the document need not name
    }
    if ((status === 404 || status === 405) && media === "text/html") return undefined; // the same as a page
    const operation = path === undefined ? undefined : document.paths[path]?.[method.toLowerCase()];
    if (path === undefined || !operation) return undefined;
    const content = operation.responses[String(status)]?.content;
    if (!content?.[media] && !(status === 303 && text === "")) return `${status} ${media} is not in the document`;
    if (!/json$/.test(media) || /ndjson/.test(media)) return undefined;
    return fits(["paths", path, method.toLowerCase(), "responses", String(status), "content", media, "schema"], text);
  };
}

test(`the API, ${requests} requests made from its own document, answers each as the document says and never fails`, async () => {
  const document = (await api.send("GET", "/openapi.json")).body as unknown as OpenApi;
  const narrow = await api.newKey(["query", "ingest"], ["flows"]);
  const keys = [api.admin, api.admin, api.admin, narrow, await api.newKey(["metrics"])];
  const check = createChecker(document, keys);
  const statuses = new Map<number, number>();
  const reached = new Set<string>();
  const asked = fuzzRequests(document, { keys, skipped: ["wait"], spared });
  await fc.assert(
    fc.asyncProperty(asked, async (one) => {
      const answered = await send(one);
      statuses.set(answered.status, (statuses.get(answered.status) ?? 0) + 1);
      if (answered.status < 400 && one.path !== undefined) reached.add(`${one.method} ${one.path}`);
      const wrong = check(one, answered);
      if (wrong !== undefined)
        throw new Error(`${wrong}: ${one.method} ${one.target.slice(0, 200)} ${answered.status} ${answered.text.slice(0, 400)}`);
    }),
    { numRuns: requests, endOnFailure: true },
  );
  for (const secret of keys) expect(api.lines.some((line) => line.includes(secret))).toBe(false);
  const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  process.stderr.write(`fuzz: ${total} requests, ${reached.size} operations succeeded, ${JSON.stringify([...statuses].sort())}\n`);
  expect(reached.size).toBeGreaterThan(15); // a fuzzer that is only ever refused shows nothing
});
