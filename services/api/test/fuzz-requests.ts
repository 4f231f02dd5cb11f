import fc from "fast-check";

type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
};
type Parameter = { readonly in: "path" | "query"; readonly name: string; readonly required?: boolean; readonly schema: JsonSchema };
type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;
type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
};
export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
};
export type FuzzRequest = {
  readonly method: string;
  /** As the document has it; undefined for a path that it lacks. */
  readonly path: string | undefined;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

const hostileTexts = [
  "",
  " ",
  "null",
  "true",
  "-1",
  "1e308",
  "NaN",
  "0x10",
  "99999999999999999999",
  "2026-02-30",
  "2026-05-05T25:00:00Z",
  "' OR 1=1 --",
  '{"$ne":null}',
  "__proto__",
  "constructor",
  "../../../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "<script>alert(1)</script>",
  "{{7*7}}${7*7}",
  "\u0000",
  "\ud800",
  "\u202e\u200b\ufeff",
  "é".repeat(800),
  "x".repeat(9_000),
  "(".repeat(500),
  "a,b,,c,",
  "Quels échecs hier ?",
  "password=hunter2 mongodb://u:p@h/db",
];
const hostileText = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: "binary", maxLength: 60 }));
const operator = fc.constantFrom({ $ne: null }, { $gt: "" }, { $where: "sleep(1000)" }, { $regex: "(a+)+$" }, { ne: 1 }, [{ $in: [] }], {
  toString: 1,
});
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  operator,
  fc.constantFrom(null, true, 0, -1, 1.5, 1e300, [], {}, [[]], [null], { a: { b: { c: {} } } }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Values that fit a schema of the document. */
function fitting(schema: JsonSchema, document: OpenApi): fc.Arbitrary<unknown> {
  const { $ref, anyOf, oneOf, allOf } = schema;
  if ($ref !== undefined) return fitting(document.components.schemas?.[$ref.split("/").at(-1) ?? ""] ?? {}, document);
  const choices = anyOf ?? oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => fitting(choice, document)));
  if (allOf?.[0]) return fitting(allOf[0], document);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ("const" in schema) return fc.constant(schema.const);
  const types = [schema.type ?? []].flat();
  return types.length > 1 ? fc.oneof(...types.map((type) => ofType(type, schema, document))) : ofType(types[0], schema, document);
}

function ofType(type: string | undefined, schema: JsonSchema, document: OpenApi): fc.Arbitrary<unknown> {
  const { minimum = -1_000, maximum = 10_000 } = schema;
  switch (type) {
    case "string":
      return fittingText(schema);
    case "integer":
      return fc.integer({ min: Math.ceil(minimum), max: Math.floor(Math.min(maximum, 10_000)) });
    case "number":
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(fitting(schema.items ?? {}, document), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case "object": {
      const shape = Object.entries(schema.properties ?? {}).map(([name, part]) => [name, fitting(part, document)] as const);
      return fc.record(Object.fromEntries(shape), { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true });
    }
    case undefined:
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

const words = ["Combien d'échecs hier ?", "Which pipelines failed on 2026-05-05?", "orders-daily", "Spark", "flows", "disk full", "/docs"];
function fittingText({ pattern, format, minLength = 0, maxLength = 200 }: JsonSchema): fc.Arbitrary<unknown> {
  if (format === "date") return fc.constantFrom("2026-05-04", "2026-05-05", "2025-12-31");
  if (format === "date-time") return fc.constantFrom("2026-05-04T00:00:00Z", "2026-05-06T12:00:00+02:00");
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);
  const fits = words.filter((word) => word.length >= minLength && word.length <= maxLength);
  const free = fc.string({ unit: "grapheme", minLength, maxLength: Math.max(minLength, Math.min(maxLength, 80)) });
  return fits.length > 0 ? fc.oneof(fc.constantFrom(...fits), free) : free;
}

const rarely = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: rare });
const escape = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** Requests that fit the document, and requests that fail to in every way that was thought of. `skipped` names fields that stay out, `spared` paths. */
export function fuzzRequests(
  document: OpenApi,
  { keys, skipped, spared }: { keys: readonly string[]; skipped: readonly string[]; spared: readonly string[] },
): fc.Arbitrary<FuzzRequest> {
  const asked = Object.entries(document.paths).filter(([path]) => !spared.includes(path));
  const operations = asked.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const any = fc.constantFrom(...operations);
  const wellFormed = any.chain(({ path, method, operation }) =>
    fc.record({
      method: fc.constant(method),
      path: fc.constant(path as string | undefined),
      target: targetOf(path, operation, document, { hostile: false }),
      headers: fc.constant({ authorization: `Bearer ${keys[0]}`, "content-type": contentTypeOf(operation) }),
      body: wellFormedBodyOf(operation, document, skipped),
    }),
  );
  const malformed = any.chain(({ path, method, operation }) =>
    fc.record({
      method: fc.constant(method),
      path: fc.constant(path as string | undefined),
      target: targetOf(path, operation, document, { hostile: true }),
      headers: headersOf(operation, keys),
      body: bodyOf(operation, document, skipped),
    }),
  );
  const wild = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"),
    path: fc.constant(undefined),
    target: fc.oneof(
      hostileText.map((text) => `/${escape(text)}`),
      fc.constantFrom(
        "/",
        "//",
        "/query/",
        "/QUERY",
        "/runs/%E0%A4%A",
        "/runs/%00",
        "/assets/..%2fpage.css",
        "/docs/../query",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/query?a=1&a=2",
      ),
      fc.constantFrom(...operations).map(({ path }) => path.replaceAll(/\{\w+\}/g, "x")),
    ),
    headers: headersOf(undefined, keys),
    body: fc.option(hostileText, { nil: undefined }),
  });
  return fc.oneof({ weight: 4, arbitrary: wellFormed }, { weight: 5, arbitrary: malformed }, { weight: 1, arbitrary: wild });
}

function targetOf(
  path: string,
  { parameters = [] }: Operation,
  document: OpenApi,
  { hostile }: { hostile: boolean },
): fc.Arbitrary<string> {
  const values = parameters.map((parameter) => {
    const fits = fitting(parameter.schema, document);
    const value = (hostile ? rarely(fits, hostileValue) : fits).map(textOf);
    const always = parameter.in === "path" || parameter.required === true;
    return always ? value.map((text) => text as string | undefined) : fc.option(value, { nil: undefined, freq: 1 });
  });
  const extras = ["a[$ne]=1", "__proto__=1", "$where=1", "%E0%A4%A=1", "limit=1&limit=2", "&&&=", "constructor=x"];
  const extra = hostile ? fc.option(fc.constantFrom(...extras), { nil: undefined, freq: 8 }) : fc.constant(undefined);
  return fc.tuple(fc.tuple(...values), extra).map(([texts, more]) => {
    const given = parameters.map((parameter, index) => ({ ...parameter, text: texts[index] }));
    const where = given
      .filter((one) => one.in === "path")
      .reduce((result, { name, text }) => result.replace(`{${name}}`, escape(text || "x")), path);
    const asked = given
      .filter((one) => one.in === "query" && one.text !== undefined)
      .map(({ name, text }) => `${name}=${escape(text ?? "")}`);
    const search = [...asked, ...(more === undefined ? [] : [more])].join("&");
    return search === "" ? where : `${where}?${search}`;
  });
}

const contentTypeOf = ({ requestBody }: Operation): string => Object.keys(requestBody?.content ?? {})[0] ?? "application/json";

function wellFormedBodyOf(operation: Operation, document: OpenApi, skipped: readonly string[]): fc.Arbitrary<string | undefined> {
  const { requestBody } = operation;
  if (!requestBody) return fc.constant(undefined);
  const type = contentTypeOf(operation);
  const fits = fitting(requestBody.content[type]?.schema ?? {}, document).map((value) => leaveOut(value, skipped));
  return fits.map((value) =>
    type.includes("form") ? new URLSearchParams(value as Record<string, string>).toString() : JSON.stringify(value),
  );
}

function headersOf(operation: Operation | undefined, keys: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const type = operation ? contentTypeOf(operation) : "application/json";
  const optional = (value: fc.Arbitrary<string>) => fc.option(value, { nil: undefined });
  const harmless = hostileText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "?"));
  return fc
    .record({
      authorization: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...keys).map((key) => `Bearer ${key}`) },
        { weight: 1, arbitrary: optional(harmless.map((text) => `Bearer ${text}`)) },
      ),
      "content-type": rarely(
        fc.constant(type as string | undefined),
        fc.constantFrom(
          undefined,
          "text/plain",
          "application/json; charset=utf-16",
          "application/xml",
          "multipart/form-data",
          "application/vnd.api+json",
          ";;;",
        ),
      ),
      accept: optional(fc.constantFrom("text/event-stream", "*/*", "text/html", "application/x-protobuf", "")),
      "x-request-id": optional(harmless),
      "x-forwarded-for": optional(fc.constantFrom("1.2.3.4", "127.0.0.1, 10.0.0.1", "::1", "evil")),
      origin: optional(fc.constantFrom("https://evil.example", "null")),
      cookie: optional(fc.constantFrom("flow_rag_session=x", "flow_rag_session=", "a=b; c", "flow_rag_session=%00")),
    })
    .map((headers) => Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)));
}

function bodyOf({ requestBody }: Operation, document: OpenApi, skipped: readonly string[]): fc.Arbitrary<string | undefined> {
  const [[type, { schema = {} }] = ["", {}]] = Object.entries(requestBody?.content ?? {});
  if (!requestBody) return fc.option(fc.constant("{}"), { nil: undefined, freq: 8 });
  const fits = fitting(schema, document).map((value) => leaveOut(value, skipped));
  if (type.includes("form")) return fits.map((value) => new URLSearchParams(value as Record<string, string>).toString());
  const changed = fc.tuple(fits, fc.string({ maxLength: 12 }), hostileValue, fc.nat()).map(([value, name, hostile, at]) => {
    const entries = Object.entries(value ?? {});
    const field = entries[at % (entries.length + 1)]?.[0] ?? name;
    return leaveOut({ ...(value as object), [field]: hostile }, skipped);
  });
  const broken = fc.oneof(
    hostileText,
    fits.map((value) => JSON.stringify(value).slice(0, -1)),
    fits.map((value) => `\ufeff${JSON.stringify(value)}`),
    fits.map((value) => JSON.stringify(value).replace("{", '{"query":"a","query":"b",')),
    fits.map((value) => JSON.stringify(value).replace("{", '{"__proto__":{"x":1},')),
    fc.constantFrom("[".repeat(30_000), "1", "null", '"text"', "[]", "{}", '{"query":1e400}', `{"query":"${"x".repeat(70_000)}"}`),
    hostileValue.map((value) => JSON.stringify(value) ?? ""),
  );
  return fc.oneof(
    { weight: 4, arbitrary: fits.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: changed.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: broken },
  );
}

const leaveOut = (value: unknown, skipped: readonly string[]): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !skipped.includes(name)))
    : value;
