import { isSlackAddress } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { ChatModel } from "@flow-rag/models";
import { verifyMail, verifySlack } from "@flow-rag/outlets";
import { fail, ok, skipped, warn, type Check } from "./run-selftest.js";

/** The language model answers a question that costs next to nothing. */
export const checkChat = (chat: Pick<ChatModel, "complete" | "model"> | undefined): Check => ({
  name: "language model",
  hint: "check LITELLM_API_BASE, LITELLM_API_KEY and LITELLM_MODEL; until then answers are worded by the templates",
  run: async (signal) => {
    if (!chat) return skipped("not set up (LITELLM_API_BASE): answers are worded by the templates");
    const messages = [{ role: "user" as const, content: "Answer with the single word: ready" }];
    try {
      const { text, model } = await chat.complete(messages, { maxTokens: 20, temperature: 0 }, signal);
      return ok(`${model} answered ${text.trim().length} characters`);
    } catch (thrown) {
      const { kind, message } = AppError.from(thrown);
      if (kind !== "budget_spent") throw thrown;
      return warn(`not asked: ${message}`, "answers are worded by the templates until midnight; LLM_DAILY_TOKENS sets the limit");
    }
  },
});

export type SlackUnderTest = { readonly token: string | undefined; readonly apiUrl: string; readonly hosts: readonly string[] };

/** With each step of a dialogue. */
const patienceMs = 10_000;

/** Slack knows the token. Source: docs.slack.dev, auth.test. */
export const checkSlack = ({ token, apiUrl, hosts }: SlackUnderTest): Check => ({
  name: "slack",
  hint: "check the network, and SLACK_API_URL",
  run: async (signal) => {
    if (token === undefined) return skipped("SLACK_BOT_TOKEN is not set here");
    if (!isSlackAddress(apiUrl, hosts)) return fail("SLACK_API_URL is not Slack's", "name its host in SLACK_HOSTS if it is meant");
    try {
      const { team, user } = await verifySlack(token, apiUrl, patienceMs, signal);
      return ok(`signed in to ${word(team)} as ${word(user)}`);
    } catch (thrown) {
      const { kind, message } = AppError.from(thrown);
      if (kind !== "misconfigured") throw thrown;
      return fail(`Slack refuses the token: ${word(message)}`, "SLACK_BOT_TOKEN: install the app again, with chat:write");
    }
  },
});

const word = (value: unknown): string => (typeof value === "string" ? value.replace(/[^\p{L}\p{N} ._-]/gu, "").slice(0, 80) : "unknown");

/** The mail server takes the login. No message is sent. */
export const checkMail = (smtpUrl: string | undefined): Check => ({
  name: "e-mail",
  hint: "check SMTP_URL, the network and the password",
  run: async (signal) => {
    if (smtpUrl === undefined) return skipped("SMTP_URL is not set here");
    const { encrypted, signedIn } = await verifyMail(smtpUrl, patienceMs, signal);
    const how = signedIn ? "takes the login" : "answers, without a login";
    return encrypted
      ? ok(`the server ${how}, encrypted`)
      : warn(`the server ${how}, not encrypted`, "use smtps:// or a server with STARTTLS");
  },
});
