const slackOwn = /(^|\.)(slack|slack-gov)\.com$/;

/** Whether text for Slack may go to an address: Slack's own hosts by https, and those that the configuration names. */
export const isSlackAddress = (text: string, others: readonly string[]): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return (protocol === "https:" && slackOwn.test(hostname)) || (/^https?:$/.test(protocol) && others.includes(hostname));
};
