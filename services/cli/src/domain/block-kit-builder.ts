import type { SlackMessage } from "@flow-rag/contracts";

/** An address that shows a message's blocks as Slack would. Source: app.slack.com/block-kit-builder, which reads them from the fragment. */
export const blockKitBuilderUrl = ({ blocks }: SlackMessage): string =>
  `https://app.slack.com/block-kit-builder/#${encodeURIComponent(JSON.stringify({ blocks }))}`;
