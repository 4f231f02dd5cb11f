import { answered, AppError } from "@flow-rag/kernel";
import { createTransport } from "nodemailer";
import { smtpOptions } from "./mail-outlet.js";
import { describeError } from "./network-error.js";
import { createSlackClient, readSlackError } from "./slack-client.js";

export type MailServerFound = { readonly encrypted: boolean; readonly signedIn: boolean };
export type SlackWorkspace = { readonly team: string | undefined; readonly user: string | undefined };

/** Errors of a server that was reached and refuses: waiting would not help. Source: nodemailer, lib/errors.js. */
const refusals = new Set(["EAUTH", "ENOAUTH", "EOAUTH2", "EENVELOPE", "EMESSAGE", "EPROTOCOL"]);

/**
 * Greets a mail server as the reporter does, encrypts where it offers that, signs in by whichever way it takes when the address has a user, and
 * leaves without sending anything. A password is not sent without encryption.
 * @throws AppError `misconfigured` when it refuses, `upstream_unavailable` when it does not answer.
 */
export async function verifyMail(smtpUrl: string, timeoutMs: number, signal: AbortSignal): Promise<MailServerFound> {
  const url = new URL(smtpUrl);
  const signedIn = url.username !== "";
  const dialogue = { encrypted: url.protocol === "smtps:" };
  const logger = listen((line) => {
    if (/TLS/.test(line)) dialogue.encrypted ||= /upgraded/i.test(line);
  });
  const loopback = /^(?:localhost|127\.|\[?::1)/.test(url.hostname);
  const transport = createTransport({
    ...smtpOptions(smtpUrl, timeoutMs),
    transactionLog: false,
    logger,
    ...(signedIn && !loopback && { requireTLS: url.protocol !== "smtps:" }),
  });
  try {
    await answered(2 * timeoutMs, "the mail server does not answer in time", () => transport.verify(), [signal]);
    return { encrypted: dialogue.encrypted, signedIn };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const { code, responseCode, command } = thrown as { code?: string; responseCode?: number; command?: string };
    // Its words may repeat what was sent: the code, and the command that it answered.
    const said = [responseCode, code].filter((part) => part !== undefined).join(" ");
    if (responseCode !== undefined || refusals.has(code ?? ""))
      throw new AppError("misconfigured", `the mail server refuses ${(command ?? "CONN").split(" ", 2).join(" ")}: ${said}`, {
        cause: thrown,
      });
    if (code === "ETLS")
      throw new AppError("misconfigured", "the mail server offers no encryption that can be trusted: no password was sent");
    throw new AppError("upstream_unavailable", `the mail server does not answer: ${describeError(thrown)}`, { cause: thrown });
  } finally {
    transport.close();
  }
}

function listen(hear: (line: string) => void) {
  const say = (_entry: unknown, message?: unknown): void => hear(String(message));
  return { level: () => {}, trace: say, debug: say, info: say, warn: say, error: say, fatal: say };
}

/**
 * Whom Slack takes the token for. Source: docs.slack.dev, auth.test.
 * @throws AppError `misconfigured` when it refuses it, `upstream_unavailable` when it does not answer as Slack does.
 */
export async function verifySlack(token: string, apiUrl: string, timeoutMs: number, signal: AbortSignal): Promise<SlackWorkspace> {
  const client = createSlackClient({ token, apiUrl, timeoutMs });
  try {
    const { team, user } = await answered(2 * timeoutMs, "Slack does not answer in time", () => client.auth.test(), [signal]);
    return { team, user };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.kind === "upstream_unavailable" && thrown.message.startsWith("Slack does")) throw thrown;
    const failure = readSlackError(thrown);
    throw new AppError(failure.kind === "refused" ? "misconfigured" : "upstream_unavailable", failure.reason, { cause: thrown });
  }
}
