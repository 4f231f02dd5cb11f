import { serviceUrl } from "./service-url.js";

test.each([
  "https://api.openai.com/v1",
  "http://litellm:4000",
  "http://127.0.0.1:8001",
  "http://localhost:8001/",
  "http://10.1.2.3:8000",
  "http://[::1]:8000",
  "https://llm.example.com/v1?version=2",
])("serviceUrl, %s, is taken as it is", (url) => {
  expect(serviceUrl.parse(url)).toBe(url);
});

test.each([
  ["no address", "litellm"],
  ["another scheme", "file:///etc/passwd"],
  ["a script", "javascript:alert(1)"],
  ["a user and a password", "https://user:secret@llm.example.com"],
  ["an empty user", "https://@169.254.169.254"],
  ["a user that looks like the host", "https://api.openai.com@evil.example/v1"],
  ["a backslash", "https://evil.example\\@api.openai.com"],
  ["an encoded delimiter", "https://api.openai.com%2f@evil.example"],
  ["an encoded host", "https://%31%36%39.254.169.254"],
  ["a space", "https://llm.example.com /v1"],
  ["a line break", "https://llm.example.com\n/v1"],
  ["a fragment", "https://llm.example.com/#@evil.example"],
  ["cloud metadata", "http://169.254.169.254/latest/meta-data"],
  ["cloud metadata as one number", "http://2852039166/"],
  ["cloud metadata in hexadecimal", "http://0xa9fea9fe/"],
  ["cloud metadata in octal", "http://0251.0376.0251.0376/"],
  ["cloud metadata mapped into IPv6", "http://[::ffff:169.254.169.254]/"],
  ["cloud metadata in IPv6", "http://[fd00:ec2::254]/"],
  ["cloud metadata by name", "http://metadata.google.internal/computeMetadata/v1/"],
  ["the unspecified address", "http://0.0.0.0:8000"],
  ["the unspecified address in IPv6", "http://[::]:8000"],
  ["a link-local address", "http://[fe80::1]/"],
])("serviceUrl, %s, is refused without saying the value", (_situation, url) => {
  const { success, error } = serviceUrl.safeParse(url);
  expect([success, error?.issues.some(({ message }) => message.includes("secret"))]).toEqual([false, false]);
});
