export { createMailOutlet } from "./mail-outlet.js";
export { describeError } from "./network-error.js";
export * from "./outlet.js";
export { createSlackOutlet } from "./slack-outlet.js";
export { verifyMail, verifySlack, type MailServerFound, type SlackWorkspace } from "./verify-outlets.js";
export { createWebhookOutlet } from "./webhook-outlet.js";
