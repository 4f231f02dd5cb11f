import { once } from "node:events";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { verifyMail, verifySlack } from "./index.js";

const { signal } = new AbortController();
const patienceMs = 1_000;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real mail server with one login. */
async function mailServer(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === "me" && password === "hunter2" ? done(null, { user: "me" }) : done(new Error("no: hunter2")),
    ...options,
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.server.address() as AddressInfo).port;
}
const plainText: SMTPServerOptions = { disabledCommands: ["STARTTLS"], allowInsecureAuth: true };
const selfSigned = "?tls.rejectUnauthorized=false";

test.each([
  ["offers LOGIN only", { ...plainText, authMethods: ["LOGIN"] }, "me:hunter2@", "", { encrypted: false, signedIn: true }],
  ["offers PLAIN only", { ...plainText, authMethods: ["PLAIN"] }, "me:hunter2@", "", { encrypted: false, signedIn: true }],
  ["offers CRAM-MD5 beside them", { ...plainText, authMethods: ["CRAM-MD5", "PLAIN"] }, "me:hunter2@", "", { signedIn: true }],
  ["offers STARTTLS, then LOGIN", { authMethods: ["LOGIN"] }, "me:hunter2@", selfSigned, { encrypted: true, signedIn: true }],
  ["wants no login", { disabledCommands: ["STARTTLS", "AUTH"], authOptional: true }, "", "", { encrypted: false, signedIn: false }],
] as const)("verifyMail, a server that %s, is found to work", async (_what, options, login, query, found) => {
  const port = await mailServer(options as unknown as SMTPServerOptions);
  expect(await verifyMail(`smtp://${login}127.0.0.1:${port}${query}`, patienceMs, signal)).toMatchObject(found);
});

test("verifyMail, a wrong password, is refused without the server's words", async () => {
  const port = await mailServer({ ...plainText, authMethods: ["LOGIN"] });
  const failure = verifyMail(`smtp://me:hunter2x@127.0.0.1:${port}`, patienceMs, signal);
  await expect(failure).rejects.toMatchObject({ kind: "misconfigured", message: expect.stringMatching(/refuses AUTH.*535/) as string });
  await expect(failure).rejects.not.toThrow(/hunter2/);
});

test("verifyMail, a certificate that nobody vouches for, is not trusted with the password", async () => {
  const port = await mailServer({ authMethods: ["LOGIN"] });
  await expect(verifyMail(`smtp://me:hunter2@127.0.0.1:${port}`, patienceMs, signal)).rejects.toThrow();
});

/** A port on which whoever connects is met with these bytes, or with nothing. */
async function tcpServer(greeting: string | undefined): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (greeting !== undefined) socket.write(greeting);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

test.each([
  ["is silent", undefined, "upstream_unavailable"],
  ["is no mail server", "HTTP/1.1 400 Bad Request\r\n\r\n", "misconfigured"],
  ["refuses at once", "554 5.7.1 go away\r\n", "misconfigured"],
])("verifyMail, a server that %s, is told as that", async (_what, greeting, kind) => {
  const port = await tcpServer(greeting);
  await expect(verifyMail(`smtp://127.0.0.1:${port}`, 300, signal)).rejects.toMatchObject({ kind });
});

async function slackServer(status: number, body: string): Promise<string> {
  const server: Server = createHttpServer((_req, res) => res.writeHead(status, { "content-type": "application/json" }).end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}

test("verifySlack, a token that is good, says whose it is", async () => {
  const url = await slackServer(200, '{"ok":true,"team":"Ops","user":"flow"}');
  expect(await verifySlack("xoxb-1", url, patienceMs, signal)).toEqual({ team: "Ops", user: "flow" });
});

test.each([
  ["refuses the token", 200, '{"ok":false,"error":"invalid_auth"}', "misconfigured"],
  ["answers a page", 200, "<html>portal</html>", "upstream_unavailable"],
  ["answers 500", 500, "", "upstream_unavailable"],
])("verifySlack, a server that %s, is told as that", async (_what, status, body, kind) => {
  const url = await slackServer(status, body);
  await expect(verifySlack("xoxb-1", url, patienceMs, signal)).rejects.toMatchObject({ kind });
});
