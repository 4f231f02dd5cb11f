import { isForeign, type Sender } from "./check-origin.js";

const host = "ops.example.com";
const sender = (said: Partial<Sender>): Sender => ({ site: undefined, origin: undefined, host, ...said });

test.each<[string, Partial<Sender>]>([
  ["a form of ours in Chromium or Firefox", { site: "same-origin", origin: `https://${host}` }],
  ["a form of ours whose page tells no referrer", { site: "same-origin", origin: "null" }],
  ["a form of ours behind a proxy that renames us", { site: "same-origin", origin: `https://${host}`, host: "api:8000" }],
  ["a form that the person sends again from the address bar", { site: "none" }],
  ["old Safari", { origin: `https://${host}` }],
  ["plain http by a host name", { origin: "http://ops:8000", host: "ops:8000" }],
  ["a proxy that names the usual port", { origin: `https://${host}`, host: `${host}:443` }],
  ["a name in capitals", { origin: `https://${host}`, host: host.toUpperCase() }],
  ["IPv6", { origin: "http://[::1]:8000", host: "[::1]:8000" }],
])("isForeign, %s, is ours", (_case, said) => {
  expect(isForeign(sender(said), { mustTell: true })).toBe(false);
});

test.each<[string, Partial<Sender>]>([
  ["another site", { site: "cross-site", origin: "https://evil.example" }],
  ["a neighbour under the same domain", { site: "same-site", origin: "https://wiki.example.com" }],
  ["a sandboxed frame of another site", { site: "cross-site", origin: "null" }],
  ["a frame without an origin under the same domain", { site: "same-site", origin: "null" }],
  ["null from a browser that tells no more", { origin: "null" }],
  ["another site from old Safari", { origin: "https://evil.example" }],
  ["another port", { origin: `https://${host}:8443` }],
  ["another site that claims our port", { origin: "https://evil.example:443", host: `${host}:443` }],
  ["our name as a part of another", { origin: `https://${host}.evil.example` }],
  ["our name in front of an @", { origin: `https://${host}@evil.example` }],
  ["a file", { origin: "file://", host: "" }],
  ["a host that is no host", { origin: "https://evil.example", host: "evil.example/@ops" }],
  ["two values of the header", { site: "same-origin, cross-site" }],
  ["an empty header", { site: "" }],
])("isForeign, %s, is foreign", (_case, said) => {
  expect(isForeign(sender(said), { mustTell: false })).toBe(true);
});

test("isForeign, nothing is said, is foreign only where a cookie came along", () => {
  expect([true, false].map((mustTell) => isForeign(sender({}), { mustTell }))).toEqual([true, false]);
});
