import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { maskError, signatureOf } from "./error-signature.js";

test.each([
  ["a UUID", "job 550e8400-e29b-41d4-a716-446655440000 lost", "job <uuid> lost"],
  ["an address", "GET https://api.x.io/v1/orders?id=12 failed", "GET <url> failed"],
  ["an e-mail address", "mail to a.b@x.io bounced", "mail to <email> bounced"],
  ["what redaction left", "mail to <EMAIL_12> bounced", "mail to <email> bounced"],
  ["IPv4 with a port", "no route to 10.0.0.7:5432", "no route to <ip>"],
  ["hosts", "no route to db01.prod.internal:5432, redis-master:6379 or api.example.com.", "no route to <host>, <host> or <host>."],
  ["IPv6", "no route to fe80::1ff:fe23:4567:890a", "no route to <ip>"],
  ["a path and a line", "/opt/jobs/a.py:42: error", "<path>:<num>: error"],
  ["a Windows path", "cannot open C:\\data\\in.csv", "cannot open <path>"],
  ["an ISO instant", "at 2026-05-05T04:10:00.123Z it broke", "at <date> it broke"],
  ["a French date", "le 05/05/2026 04:10:00 arrêt", "le <date> arrêt"],
  ["a date in words", "Nov 16, 2016 11:06:03 PM crash, mardi 5 mai 2026 arrêt", "<date> crash, <date> arrêt"],
  ["a time", "ERROR [03:05:54,560] x", "ERROR [<time>] x"],
  ["durations", "timeout after 30 s, 1.5 min or 250ms", "timeout after <duration>, <duration> or <duration>"],
  ["sizes", "wrote 12 MB (12,582,912 bytes) of 1.5 GiB, 512 octets et 3 Go", "wrote <size> of <size>, <size> et <size>"],
  ["hexadecimal", "at 0x7ffe and java.lang.Object@7fcd5846, commit 3f786850e387", "at <hex> and java.lang.Object@<hex>, commit <hex>"],
  ["numbers", "read 1,234.5 of -7 rows in part-00012 on db01", "read <num> of <num> rows in part-<num> on db<num>"],
  ["a French number", "1\u202f234 lignes rejetées", "<num> lignes rejetées"],
  ["a quoted value", 'key="a b" table=\'x\' "kept"', 'key=<value> table=<value> "kept"'],
  ["an id of letters and digits", "pod orders-7d9f8b6c5d-x2x9z evicted", "pod orders-<hex>-<id> evicted"],
])("maskError, %s, masks it", (_case, text, expected) => {
  expect(maskError(text)).toBe(expected);
});

test.each([
  "no answer from host (HTTP 0)",
  "HTTP 404",
  "Container killed, exited with code 137",
  "ORA-12541: TNS:no listener",
  'relation "stg_fx" does not exist',
  "java.lang.NoClassDefFoundError: org/apache/spark/sql/Foo",
  "missing org.apache.spark.sql and app.py, see log4j.properties",
  "Échec : quota dépassé, l'espace disque est insuffisant",
  "a class of Bytes, exit code 5 before B",
  "SQLSTATE[HY000] refused, UTF8 expected by s3 and db2",
])("maskError, %j says what went wrong, keeps it", (text) => {
  expect(maskError(text)).toBe(text);
});

test.each([
  ["a Java trace", "A: top\n\tat x.Y.z(Y.java:1)\nCaused by: B: mid\n\tat q\nCaused by: C: deep\n", "A: top | Caused by: C: deep"],
  ["a Python trace", 'Traceback (most recent call last):\n  File "a.py", line 3\n    x()\nValueError: bad', "ValueError: bad"],
  ["blank lines and tags first", "\n[ERROR]\n---\nbroken\nmore", "broken"],
  [
    "a place and below it what happened",
    'Database Error in model m (a/m.sql)\n  relation "x" does not exist\n  more',
    'Database Error in model m (a/m.sql) relation "x" does not exist',
  ],
  ["a line that announces the next", "[ERROR] COMPILATION ERROR :\n cannot find symbol", "[ERROR] COMPILATION ERROR : cannot find symbol"],
])("maskError, %s, takes the lines that count", (_case, text, expected) => {
  expect(maskError(text)).toBe(expected);
});

test("maskError, a long line, ends at 300 characters and not inside a mask", () => {
  const masked = maskError(`${"word ".repeat(59)}ab /some/long/path tail`);
  expect(masked.length).toBeLessThanOrEqual(300);
  expect(masked).not.toMatch(/<[a-z]*$/);
});

test("maskError, only variables differ, gives one text", () => {
  const occurrence = fc.record({
    port: fc.nat(65_535),
    id: fc.uuid(),
    rows: fc.nat(),
    at: fc.date({ min: new Date(0), max: new Date("2099-01-01"), noInvalidDate: true }),
  });
  const text = ({ port, id, rows, at }: { port: number; id: string; rows: number; at: Date }): string =>
    `${at.toISOString()} task ${id} on 10.1.2.3:${port} lost ${rows} rows in /data/part-${rows}.csv`;
  fc.assert(
    fc.property(occurrence, occurrence, (one, other) => {
      expect(maskError(text(one))).toBe(maskError(text(other)));
    }),
  );
});

// Each made some expression start again at every character before the input was capped. Quadratic work would take seconds.
test.each([
  "a",
  "a@",
  "a.",
  "a-",
  "/",
  "/a",
  "1",
  "1.",
  "12:",
  "::",
  "a1",
  "http://",
  "C:\\",
  "='",
  "1 jan ",
  "Caused by: x\n",
  "code ",
  "deadbeef-",
  "<A_1>",
])("maskError, 100 kB of %j, ends quickly", (unit) => {
  const text = unit.repeat(100_000 / unit.length);
  const start = performance.now();
  maskError(text);
  expect(performance.now() - start).toBeLessThan(200);
});

test("signatureOf, a known failure, has the id that is stored in existing indexes", () => {
  // Another id here loses the history of every failure: raise maskVersion on purpose, never by accident.
  expect(signatureOf("Connection to db01:5432 refused")).toEqual({
    id: "sig-b53ad37a713a",
    template: "Connection to <host> refused",
  });
});

test.each([null, "", " \n\t "])("signatureOf, no text (%j), gives null", (text) => {
  expect(signatureOf(text)).toBeNull();
});

const logs = fileURLToPath(new URL("../../../../shared/data/runs/website-checks.ndjson", import.meta.url));
(existsSync(logs) ? test : test.skip)(
  "signatureOf, the real website checks (skipped when ../shared/data is absent), keeps every status code apart",
  () => {
    const errors = readFileSync(logs, "utf8")
      .trim()
      .split("\n")
      .flatMap((line) => (JSON.parse(line) as { error_message?: string }).error_message ?? []);
    expect(new Set(errors.map((error) => signatureOf(error)?.id)).size).toBe(new Set(errors).size);
  },
);
