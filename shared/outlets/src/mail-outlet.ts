import { createTransport, type SendMailOptions } from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport/index.js";
import type { Outcome, Outgoing, Outlet } from "./outlet.js";
import { cannotHaveArrived, describeError } from "./network-error.js";

export type MailSettings = {
  readonly smtpUrl: string;
  readonly from: { readonly name: string; readonly address: string };
  /** What List-Unsubscribe names: a mailto: or https: address. */
  readonly unsubscribe: string;
  readonly timeoutMs: number;
};

/**
 * One message to one recipient a delivery. Its Message-ID is the delivery's, so a message that is sent again after all is the same message
 * to whoever sorts mail. Nobody can ask an SMTP server what became of a message.
 */
export const createMailOutlet = (settings: MailSettings): Outlet => ({
  async send(message): Promise<Outcome> {
    const progress = { handedOver: false };
    const { timeoutMs } = settings;
    const transport = createTransport({ ...smtpOptions(settings.smtpUrl, timeoutMs), transactionLog: true, logger: watch(progress) });
    try {
      const { accepted, rejected, response } = await transport.sendMail({
        ...toMail(message, settings),
        ...{ signal: AbortSignal.timeout(2 * timeoutMs) },
      });
      return {
        kind: "sent",
        receipt: { accepted: accepted.map(textOf), rejected: rejected.map(textOf), response: response.slice(0, 200) },
      };
    } catch (error) {
      return readMailError(error, progress.handedOver);
    } finally {
      transport.close();
    }
  },
  find: null,
});

type SmtpOptions = SMTPTransport.Options & { url: string; dnsTimeout: number; transactionLog?: boolean };

/** How a mail server is spoken to, for sending and for trying: each step has the same patience, in milliseconds. */
export const smtpOptions = (smtpUrl: string, timeoutMs: number): SmtpOptions => ({
  url: smtpUrl,
  connectionTimeout: timeoutMs,
  greetingTimeout: timeoutMs,
  socketTimeout: timeoutMs,
  dnsTimeout: timeoutMs,
  disableFileAccess: true,
  disableUrlAccess: true,
});

const textOf = (address: string | { address: string }): string => (typeof address === "string" ? address : address.address);

/**
 * Follows the dialogue: once DATA was said, only the server's own answer tells what became of the message. nodemailer reports a connection
 * that breaks after it like one that was never made.
 */
function watch(progress: { handedOver: boolean }) {
  const ignore = (): void => {};
  const debug = ({ tnx }: { tnx?: string }, line: unknown): void => {
    if (tnx === "client" && line === "DATA") progress.handedOver = true;
  };
  return { level: ignore, trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore };
}

function toMail({ delivery, rendered: { email, charts } }: Outgoing, { from, unsubscribe }: MailSettings): SendMailOptions {
  const host = from.address.slice(from.address.lastIndexOf("@") + 1);
  return {
    from,
    to: { name: "", address: delivery.target },
    envelope: { from: from.address, to: delivery.target },
    subject: email.subject.replace(/\p{Cc}+/gu, " "), // one line
    messageId: `<${delivery.id}@${host}>`,
    date: delivery.createdAt,
    text: email.text,
    html: email.html,
    headers: { "Auto-Submitted": "auto-generated", "List-Unsubscribe": `<${unsubscribe}>`, "X-Auto-Response-Suppress": "All" },
    attachments: charts.map(({ name, png }) => ({
      filename: name,
      cid: name,
      content: Buffer.from(png),
      contentType: "image/png",
      contentDisposition: "inline" as const,
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** A server's answer decides; without one, it depends on whether the message had been handed over. */
function readMailError(thrown: unknown, handedOver: boolean): Outcome {
  const { responseCode, command } = thrown as { responseCode?: number; command?: string };
  const reason = `SMTP: ${responseCode === undefined ? describeError(thrown) : `${responseCode} to ${command ?? "the session"}`}`;
  if (responseCode !== undefined && (command !== "CONN" || !handedOver)) {
    // A refused login is no refusal of the message: it is mended in the configuration.
    const passes = (responseCode >= 400 && responseCode < 500) || command?.startsWith("AUTH") === true;
    return passes ? { kind: "later", reason, afterMs: null } : { kind: "refused", reason };
  }
  if (!handedOver || cannotHaveArrived(thrown)) return { kind: "later", reason, afterMs: null };
  return { kind: "ambiguous", reason };
}
