import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { verifySmtp } from "./verify-smtp.js";

const signal = AbortSignal.timeout(10_000);
let server: Server;
const heard: string[] = [];
afterEach(async () => {
  server.close();
  await once(server, "close");
});

/** A mail server that answers each command by its first word; false hangs up. */
async function start(answers: Record<string, string | false>): Promise<number> {
  heard.length = 0;
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(answers["greeting"] || "220 mail.test ESMTP\r\n");
    socket.on("data", (chunk) => {
      const line = chunk.toString().trim();
      heard.push(line);
      const answer = answers[line.split(" ")[0] ?? ""] ?? "500 5.5.2 what?\r\n";
      if (answer === false) socket.destroy();
      else socket.write(answer);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
const usual = { EHLO: "250-mail.test\r\n250-SIZE 1000\r\n250 8BITMIME\r\n", QUIT: "221 bye\r\n" };

test("verifySmtp, a server without login or encryption, is greeted and left without a message", async () => {
  const port = await start(usual);
  expect(await verifySmtp(`smtp://127.0.0.1:${port}`, signal)).toEqual({ encrypted: false, signedIn: false });
  expect(heard).toEqual(["EHLO flow-rag", "QUIT"]);
});

test("verifySmtp, a password and no encryption, is not sent", async () => {
  const port = await start(usual);
  await expect(verifySmtp(`smtp://me:hunter2@127.0.0.1:${port}`, signal)).rejects.toMatchObject({ kind: "misconfigured" });
  expect(heard).toEqual(["EHLO flow-rag"]);
});

test.each([
  ["refuses at once", { greeting: "554 5.7.1 go away, me:hunter2\r\n" }, "misconfigured", /554 5\.7\.1$/],
  ["refuses the greeting", { EHLO: "502 no\r\n" }, "misconfigured", /502/],
  ["hangs up", { EHLO: false }, "upstream_unavailable", /does not answer/],
] as const)("verifySmtp, the server %s, says so without its words", async (_situation, answers, kind, message) => {
  const port = await start({ ...usual, ...answers });
  await expect(verifySmtp(`smtp://127.0.0.1:${port}`, signal)).rejects.toMatchObject({
    kind,
    message: expect.stringMatching(message) as string,
  });
});
