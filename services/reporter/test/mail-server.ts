import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { SMTPServer } from "smtp-server";

/** How a message goes wrong. `before`: it was not taken; `after`: it was, and the sender is not told. */
export type MailFault = "450-rcpt" | "550-rcpt" | "451-data" | "hang-before" | "hang-after" | "reset-before" | "reset-after";
type Mail = { readonly to: string; readonly messageId: string; readonly raw: string };
export interface MailServer {
  readonly url: string;
  readonly mails: Mail[];
  /** The next messages to an address go wrong in this way, one after another. */
  fail(address: string, faults: readonly MailFault[]): void;
  close(): Promise<void>;
}

/** An SMTP server on a loopback port that keeps what it takes, and is as unreliable as is asked for. `login`: the only one it lets in. */
export async function startMailServer({ login }: { login?: { user: string; password: string } } = {}): Promise<MailServer> {
  const mails: Mail[] = [];
  const faults = new Map<string, MailFault[]>();
  const sockets = new Set<Socket>();
  const failure = (code: number) => Object.assign(new Error("not now"), { responseCode: code });
  const server = new SMTPServer({
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: login ? ["STARTTLS"] : ["STARTTLS", "AUTH"],
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(new Error("no such login"));
    },
    logger: false,
    onRcptTo({ address }, _session, done) {
      const fault = faults.get(address)?.[0];
      if (!fault?.endsWith("-rcpt")) return done();
      faults.get(address)?.shift();
      done(failure(Number.parseInt(fault, 10)));
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo[0]?.address ?? "";
      const fault = faults.get(to)?.shift();
      const reset = () => {
        for (const socket of sockets) if (socket.remotePort === session.remotePort) socket.resetAndDestroy();
      };
      if (fault === "reset-before") return reset();
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString();
        const isTaken = fault === undefined || fault.endsWith("-after");
        if (isTaken) mails.push({ to, messageId: /^Message-ID: (.*)$/im.exec(raw)?.[1] ?? "", raw });
        if (fault === undefined) done();
        else if (fault === "451-data") done(failure(451));
        else if (fault === "reset-after") reset();
      });
    },
  });
  server.on("error", () => {}); // connections that were reset
  server.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    url: `smtp://${login ? `${login.user}:${login.password}@` : ""}127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    fail: (address, list) => void faults.set(address, [...list]),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
