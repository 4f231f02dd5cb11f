import { AppError } from "@flow-rag/kernel";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

type Reply = { readonly code: number; readonly lines: readonly string[] };
const maxReplyBytes = 65_536;

/**
 * Greets a mail server, encrypts where it offers that, signs in when the address has a user, and leaves without sending anything.
 * Source: RFC 5321, 3207 and 4954.
 * @throws AppError `misconfigured` when it refuses, `upstream_unavailable` when it does not answer.
 */
export async function verifySmtp(address: string, signal: AbortSignal): Promise<{ encrypted: boolean; signedIn: boolean }> {
  const url = new URL(address);
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = Number(url.port || (secure ? 465 : 587));
  const trust = { rejectUnauthorized: url.searchParams.get("tls.rejectUnauthorized") !== "false", servername: host };
  const plain = secure ? undefined : connectPlain({ host, port });
  let socket: Socket = plain ?? connectTls({ host, port, ...trust });
  const abort = () => socket.destroy(new AppError("upstream_unavailable", "the mail server did not answer in time"));
  signal.addEventListener("abort", abort, { once: true });
  try {
    let talk = conversation(socket, host);
    await expect(await talk.read(), 220, "greets");
    let offers = await greet(talk);
    let encrypted = secure;
    if (plain && offers.some((offer) => /^STARTTLS/i.test(offer))) {
      await expect(await talk.say("STARTTLS"), 220, "begins encryption");
      talk.end();
      socket = connectTls({ socket: plain, ...trust });
      await once(socket, "secureConnect");
      talk = conversation(socket, host);
      offers = await greet(talk);
      encrypted = true;
    }
    const user = decodeURIComponent(url.username);
    const signedIn = user !== "";
    if (signedIn) {
      if (!encrypted) throw new AppError("misconfigured", `${host} offers no encryption: the password was not sent`);
      const login = Buffer.from(`\u0000${user}\u0000${decodeURIComponent(url.password)}`).toString("base64");
      await expect(await talk.say(`AUTH PLAIN ${login}`), 235, "takes the login");
    }
    await talk.say("QUIT").catch(() => undefined);
    return { encrypted, signedIn };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError("upstream_unavailable", `the mail server at ${host}:${port} does not answer`, { cause: thrown });
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

async function greet(talk: ReturnType<typeof conversation>): Promise<readonly string[]> {
  const reply = await talk.say("EHLO flow-rag");
  await expect(reply, 250, "greets");
  return reply.lines;
}

async function expect({ code, lines }: Reply, wanted: number, what: string): Promise<void> {
  if (code === wanted) return;
  const enhanced = /^\d\.\d\.\d+/.exec(lines[0] ?? "")?.[0]; // its words may repeat what we sent
  throw new AppError("misconfigured", `no mail server that ${what}: it answered ${code}${enhanced ? ` ${enhanced}` : ""}`);
}

/** One command, one reply, in order. */
function conversation(socket: Socket, host: string) {
  let text = "";
  const failed = once(socket, "close").then(() => undefined);
  failed.catch(() => undefined);
  const onData = (chunk: Buffer) => (text += chunk.toString("latin1"));
  socket.on("data", onData);
  socket.on("error", () => {}); // its close follows, and the reading below rejects
  const read = async (): Promise<Reply> => {
    for (;;) {
      const lines = text.split("\r\n");
      const end = lines.findIndex((line) => /^\d{3}( |$)/.test(line));
      if (end >= 0 && end < lines.length - 1) {
        text = lines.slice(end + 1).join("\r\n");
        const own = lines.slice(0, end + 1);
        return { code: Number(own[0]?.slice(0, 3)), lines: own.map((line) => line.slice(4)) };
      }
      if (socket.destroyed || text.length > maxReplyBytes) throw new Error(`${host} broke off`);
      await Promise.race([once(socket, "data"), failed]);
    }
  };
  return {
    read,
    say: async (line: string): Promise<Reply> => {
      socket.write(`${line}\r\n`);
      return await read();
    },
    end: () => void socket.off("data", onData),
  };
}
