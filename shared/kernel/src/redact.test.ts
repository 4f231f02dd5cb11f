import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { countPlaceholders, redact } from "./redact.js";

const base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const chars = (alphabet: string, length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });

test.each([
  [
    "userinfo",
    "connect mongodb://etl:p%40ss@db1:27017,db2:27017/x failed",
    "connect mongodb://<CREDENTIALS_1>@db1:27017,db2:27017/x failed",
  ],
  ["userinfo with a raw slash", "postgres://etl:p/w?d@db/x", "postgres://<CREDENTIALS_1>@db/x"],
  ["userinfo without a user", "redis://:hunter2@cache:6379", "redis://<CREDENTIALS_1>@cache:6379"],
  ["a token as user", "https://ghp0000@github.com/a.git", "https://<CREDENTIALS_1>@github.com/a.git"],
  ["an Oracle login", "jdbc:oracle:thin:scott/tiger@//db:1521/svc", "jdbc:oracle:thin:<CREDENTIALS_1>@//db:1521/svc"],
  ["Bearer", "Authorization: Bearer abc-123", "Authorization: Bearer <TOKEN_1>"],
  ["Basic in JSON", '{"authorization":"Basic ZXRsOmh1bnRlcg=="}', '{"authorization":"Basic <TOKEN_1>"}'],
  ["a JWT", "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_9.", "jwt <TOKEN_1>."],
  ["an AWS key", "key AKIAIOSFODNN7EXAMPLE denied", "key <TOKEN_1> denied"],
  ["a Slack hook", "https://hooks.slack.com/services/T00/B00/xYz123abc", "https://hooks.slack.com/services/<TOKEN_1>"],
  ["an OpenAI key", "sk-proj-abcdEFGH1234ijkl5678", "<TOKEN_1>"],
  ["our own key", "frag_k1_abcdefghijklmnop12345", "<TOKEN_1>"],
  ["a PEM block", "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b", "a <KEY_1> b"],
  ["a PEM block in JSON", '"-----BEGIN EC PRIVATE KEY-----\\nMIIE\\n-----END EC PRIVATE KEY-----\\n"', '"<KEY_1>\\n"'],
  ["a PEM block cut short", "a -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0", "a <KEY_1>"],
  ["password=", "user=etl password=hunter2, host=db", "user=etl password=<SECRET_1>, host=db"],
  ["a connection string", "Server=db;Pwd=hunt,er2;Encrypt=yes", "Server=db;Pwd=<SECRET_1>;Encrypt=yes"],
  ["an environment variable", "DB_PASSWORD=hunter2", "DB_PASSWORD=<SECRET_1>"],
  ["a query", "/cb?token=hunter2&id=7", "/cb?token=<SECRET_1>&id=7"],
  ["JSON", '{"api_key": "hun\\"ter2", "a": 1}', '{"api_key": "<SECRET_1>", "a": 1}'],
  ["JSON within JSON", '{\\"password\\":\\"hunter2\\"}', '{\\"password\\":\\"<SECRET_1>\\"}'],
  ["an open quote", 'password="hunter two\nnext', 'password="<SECRET_1>\nnext'],
  ["XML", "<db.password>hunter2</db.password>", "<db.password><SECRET_1></db.password>"],
  ["a command line", "run --password hunter2 --verbose", "run --password <SECRET_1> --verbose"],
  ["French", "Mot de passe : hunter2", "Mot de passe : <SECRET_1>"],
  ["a key behind a key", "password: DB_PASSWORD = hunter2", "password: DB_PASSWORD = <SECRET_1>"],
  ["a password that names a key", "password: my-secret is wrong", "password: <SECRET_1> is wrong"],
  ["a cookie", "Cookie: a=b; c=d\nHost: x", "Cookie: <SECRET_1>\nHost: x"],
  ["an Azure key", "AccountName=x;AccountKey=ab/c+d==;", "AccountName=x;AccountKey=<SECRET_1>;"],
  ["an e-mail address", "mail to jane.doe+x@example.co.uk.", "mail to <EMAIL_1>."],
  ["an IBAN", "IBAN FR76 3000 6000 0112 3456 7890 189 refused", "IBAN <IBAN_1> refused"],
  ["a compact IBAN", "DE89370400440532013000", "<IBAN_1>"],
  ["a card", "card 4111 1111 1111 1111 declined", "card <CARD_1> declined"],
  ["an American Express card", "378282246310005", "<CARD_1>"],
  ["a NIR", "NIR 1 85 05 78 006 084 91", "NIR <NIR_1>"],
  ["a NIR of Corsica", "185052A00608435", "<NIR_1>"],
  ["a random run", "key used: 9fK2mQ7xVb3TzR8wLp5NcY1sHd6GjA4e", "key used: <SECRET_1>"],
])("redact, %s, replaces it", (_case, text, expected) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  "Access denied for user 'etl'@'10.0.0.1' (using password: YES)",
  'FATAL: password authentication failed for user "etl"',
  "Basic authentication failed; bearer token expired",
  "unexpected token: from near line 1, column 8",
  "Token: Token { kind: ContainerToken, service: x }",
  "sessionid: 0x14ede63a5a70004",
  "password=*** token: null secret: ${DB_SECRET}",
  "password_file=/run/secrets/x max_tokens=100 PWD=/home/etl/jobs",
  "http://host:8080/path?to=a",
  "git@github.com:org/repo.git and https://git@github.com/org/repo",
  "abfss://container@account.dfs.core.windows.net/p akka.tcp://sparkDriver@host:1",
  "npm lodash@4.17.21 tar a@1.2.3.tgz obj java.lang.Object@7fcd5846",
  "commit 3f786850e387550fdab836ed7e6dc881de23001b sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  "9e27356a8c87000fd589596e 550e8400-e29b-41d4-a716-446655440000",
  "java.lang.IllegalStateExceptionFoo at org.apache.spark.scheduler.DAGSchedulerEventProcessLoop.doOnReceive2",
  "testShouldReturn404WhenTheUserIsNotFoundInTheDatabase",
  "/opt/airflow/dags/finance/load_orders_2026_05_05/part-00001-of-00200.parquet",
  "blk_-4980916519894289629 application_1716890300123_0042 at 1716890300123",
  "card 4111 1111 1111 1112, IBAN FR76 3000 6000 0112 3456 7890 188, NIR 1 85 05 78 006 084 92",
  "mapping values [4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1]",
  "-----BEGIN CERTIFICATE----- was expected\nCaused by: EOF",
  "Échec : relation « stg_fx » inexistante (code 137), ORA-12541: TNS:no listener",
])("redact, ordinary text %j, leaves it as it is", (text) => {
  expect(redact(text)).toBe(text);
});

test("redact, one value twice and another, numbers by value", () => {
  expect(redact("a@x.fr b@x.fr a@x.fr")).toBe("<EMAIL_1> <EMAIL_2> <EMAIL_1>");
});

test("redact, a text that holds placeholders, keeps new values apart from them", () => {
  expect(redact("<EMAIL_1> wrote to b@x.fr")).toBe("<EMAIL_1> wrote to <EMAIL_2>");
});

const secrets: Record<string, fc.Arbitrary<{ text: string; secret: string }>> = {
  "a keyed value": fc
    .record({
      key: fc.constantFrom("password", "DB_PASSWORD", "pwd", "client_secret", "api_key", "token", "mot de passe", "AccountKey"),
      separator: fc.constantFrom("=", ": ", " = ", ":", '":"', '": "', " => "),
      secret: chars(`${base62}!#%@/+-_`, 14).filter((value) => /^\w.*[\w/+-]$/.test(value) && /\d/.test(value)),
    })
    .map(({ key, separator, secret }) => ({ secret, text: `${separator.endsWith('"') ? '"' : ""}${key}${separator}${secret}` })),
  userinfo: fc
    .record({ scheme: fc.constantFrom("postgres", "https", "mongodb+srv", "amqp"), secret: chars(base62, 12) })
    .map(({ scheme, secret }) => ({ secret, text: `${scheme}://etl:${secret}@db.internal/x` })),
  "a bearer token": chars(base62, 30).map((secret) => ({ secret, text: `Bearer ${secret}` })),
  "a JWT": fc
    .record({ header: chars(base62, 20), payload: chars(base62, 40), mark: chars(base62, 43) })
    .map(({ header, payload, mark }) => ({ secret: mark, text: `eyJ${header}.${payload}.${mark}` })),
  "an AWS key": chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16).map((rest) => ({ secret: `AKIA${rest}`, text: `AKIA${rest}` })),
  "a GitHub token": chars(base62, 36).map((rest) => ({ secret: rest, text: `ghp_${rest}` })),
  "an address": chars("abcdefghijklmnop0123456789._", 12)
    .filter((user) => /^[a-p].*[a-p]$/.test(user))
    .map((user) => ({ secret: `${user}@example.com`, text: `${user}@example.com` })),
  "a card": chars("0123456789", 14).map((middle) => {
    const number = `4${middle}`;
    const check = [..."0123456789"].find((digit) => luhn(number + digit)) ?? "";
    return { secret: number + check, text: number + check };
  }),
  "a German IBAN": chars("0123456789", 18).map((account) => {
    const check = String(98 - Number(BigInt(`${account}131400`) % 97n)).padStart(2, "0");
    return { secret: account, text: `DE${check}${account}` };
  }),
  "a PEM block": chars(base62, 64).map((body) => ({
    secret: body,
    text: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`,
  })),
};

function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

// Any text, but nothing that glues itself to the secret: a number inside a longer number is another number.
const surrounding = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("ERROR at Foo.java:12", '{"message": "', "user=etl;", "<EMAIL_1>", "http://host:80/", "password: ", "eyJ", "Échec"),
);

test.each(Object.entries(secrets))("redact, %s in any surrounding text, never survives", (_name, arbitrary) => {
  fc.assert(
    fc.property(surrounding, arbitrary, fc.constantFrom(" ", "\n", ", ", ") "), surrounding, (before, { text, secret }, gap, after) => {
      expect(redact(`${before} ${text}${gap}${after}`)).not.toContain(secret);
    }),
    { numRuns: 400 },
  );
});

test("redact, a random run of 40 letters and digits, survives less often than one time in a hundred", () => {
  const samples = fc.sample(chars(base62, 40), { numRuns: 3_000, seed: 7 });
  const survivors = samples.filter((secret) => redact(`got ${secret} instead`).includes(secret));
  expect(survivors.length).toBeLessThan(30);
});

test("redact, redacted text, does not change again", () => {
  const piece = fc.oneof(
    ...Object.values(secrets).map((arbitrary) => arbitrary.map(({ text }) => text)),
    surrounding,
    fc.constantFrom(
      "password=",
      "token: ",
      "@",
      "://",
      "<",
      ">",
      '"',
      "'",
      "=",
      " ",
      "Bearer ",
      "4111111111111111",
      "a@b.co",
      "-----BEGIN X-----",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const once = redact(pieces.join(""));
      expect(redact(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});

const runs = fileURLToPath(new URL("../../../../shared/data/runs/", import.meta.url));
const withRuns = existsSync(runs) ? test : test.skip;

withRuns("redact, real error texts and names (skipped when ../shared/data/runs is absent), changes none of them", () => {
  const texts = new Set<string>();
  for (const file of ["ci-builds.ndjson", "website-checks.ndjson"]) {
    for (const line of readFileSync(`${runs}${file}`, "utf8").trim().split("\n")) {
      const { error_message: error, pipeline_name: name } = JSON.parse(line) as { error_message?: string; pipeline_name: string | null };
      if (name !== null) texts.add(name);
      if (error !== undefined) texts.add(error);
    }
  }
  expect(texts.size).toBeGreaterThan(500);
  expect([...texts].filter((text) => redact(text) !== text)).toEqual([]);
});

test("countPlaceholders, a redacted text, counts values by kind and nothing that only looks like one", () => {
  const text = redact("mail a@example.org, a@example.org and b@example.org, password=hunter2hunter, <STEP_3> <ERROR_1>");
  expect(countPlaceholders(text)).toEqual({ EMAIL: 2, SECRET: 1 });
});
