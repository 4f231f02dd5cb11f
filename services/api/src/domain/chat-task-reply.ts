/** What a chat client asks a model for behind the user's back, as JSON. Source: Open WebUI's default prompt templates, "### Task:". */
const tasks = [
  { key: "follow_ups", reply: () => [] },
  { key: "tags", reply: () => ["flow-rag"] },
  { key: "queries", reply: () => [] },
  { key: "title", reply: (prompt: string) => titleOf(prompt) },
  { key: "text", reply: () => "" }, // autocompletion
] as const;

/** Sources: LibreChat's title prompts, old and new; Open WebUI's tool and emoji prompts. */
const titlePrompt = /^(?:please )?(?:generate|provide|write|create|summari[sz]e)\b[^.\n]{0,120}\btitle\b[^.\n]{0,60}\bconversation\b/i;
const toolPrompt = /^Available Tools:/i;
const emojiPrompt = /^Your task is to reflect the speaker's likely facial expression/i;
/** The one "task" that is the user's own question, with passages of documents around it. */
const withPassages = /^### Task:\s*Respond to the user query/i;

/**
 * The answer to a chat client's own task (a title, tags, further questions …), which is no question about runs; undefined for whatever else.
 * Without it such a client would show "question not understood" as a chat's title. `system` is the last system message.
 */
export function chatTaskReply(text: string, system = ""): string | undefined {
  if (toolPrompt.test(system)) return JSON.stringify({ tool_calls: [] });
  const prompt = text === "" ? system : text;
  if (titlePrompt.test(prompt)) return titleOf(prompt);
  if (emojiPrompt.test(prompt)) return "💬";
  if (!/^### Task:/i.test(prompt) || withPassages.test(prompt)) return undefined;
  const task = tasks.find(({ key }) => prompt.includes(`"${key}"`));
  return task ? JSON.stringify({ [task.key]: task.reply(prompt) }) : "";
}

/** What the user asked, without the passages of documents that a chat client wraps around it. Source: Open WebUI's RAG template. */
export function askedIn(text: string): string {
  if (!withPassages.test(text)) return text;
  const marked = /<user_query>([\s\S]*?)<\/user_query>/.exec(text)?.[1]?.trim();
  return marked ?? text.slice(text.lastIndexOf("</context>")).replace("</context>", "").trim();
}

const titleLength = 60;
/** The first thing the user said: "USER: …", "User: …", or the quoted line behind "||>User:". */
function titleOf(prompt: string): string {
  const said = /^(?:\|\|>)?user: *(?:\n"?)?(.+?)"?$/im.exec(prompt)?.[1]?.trim() ?? "flow-rag";
  return said.length > titleLength ? `${said.slice(0, titleLength - 3)}…` : said;
}
