import { checkEndpoint, reachEndpoint } from "./chat-endpoint.js";

const { signal } = new AbortController();

test.each([
  ["http://127.0.0.1:4000", "http://127.0.0.1:4000/v1"],
  ["http://localhost:4000/", "http://localhost:4000/v1"],
  ["https://llm.example.com/proxy/v1/", "https://llm.example.com/proxy/v1"],
  ["http://[::1]:4000/v1", "http://[::1]:4000/v1"],
  ["http://10.0.3.7:4000", "http://10.0.3.7:4000/v1"],
])("chat endpoint, %s, is asked under %s", (address, wanted) => expect(checkEndpoint(address).href).toBe(wanted));

test.each([
  "ftp://host/v1",
  "file:///etc/passwd",
  "no address",
  "",
  "http://user:hunter2@host/v1",
  "http://hunter2@host/v1",
  "http://@host/v1",
  "http://host/v1?key=hunter2",
  "http://host/v1#hunter2",
  "http://host\\@169.254.169.254/",
  "http://host%2f@evil.example/",
  "http://169.254.169.254/v1",
  "http://0xa9fea9fe/v1",
  "http://2852039166/",
  "http://169.254.170.2/v2/credentials",
  "http://[::ffff:169.254.169.254]/v1",
  "http://[::ffff:a9fe:a9fe]/v1",
  "http://[fe80::1]/v1",
  "http://[fd00:ec2::254]/v1",
  "http://metadata.google.internal/v1",
  "http://metadata.google.internal./v1",
  "http://metadata/v1",
  "http://100.100.100.200/v1",
  "http://0.0.0.0:4000/v1",
])("chat endpoint, %s, is refused without repeating it", (address) => {
  let failure: unknown;
  try {
    checkEndpoint(address);
  } catch (thrown) {
    failure = thrown;
  }
  expect(failure).toMatchObject({ kind: "misconfigured" });
  expect((failure as Error).message).not.toContain("hunter2");
});

test("chat endpoint, a host that does not resolve, cannot be reached", async () => {
  await expect(reachEndpoint(new URL("http://no-such-host.invalid:1/v1"), 5_000, signal)).rejects.toMatchObject({
    kind: "upstream_unavailable",
  });
});
