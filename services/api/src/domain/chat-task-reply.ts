/** What a chat client asks a model for behind the user's back, as JSON. Source: Open WebUI's default prompt templates, "### Task:". */
const tasks = [
  { key: "follow_ups", reply: () => [] },
  { key: "tags", reply: () => ["flow-rag"] },
  { key: "queries", reply: () => [] },
  { key: "title", reply: (prompt: string) => titleOf(prompt) },
] as const;

/**
 * The answer to a chat client's own task (a title, tags, further questions …), which is no question about runs; undefined for whatever else.
 * Without it such a client would show "question not understood" as a chat's title.
 */
export function chatTaskReply(text: string): string | undefined {
  if (!/^### Task:/i.test(text)) return undefined;
  const task = tasks.find(({ key }) => text.includes(`"${key}"`));
  return task ? JSON.stringify({ [task.key]: task.reply(text) }) : "";
}

function titleOf(prompt: string): string {
  const first = /^USER: *(.+)$/m.exec(prompt)?.[1] ?? "flow-rag";
  return first.length > 60 ? `${first.slice(0, 57)}…` : first;
}
