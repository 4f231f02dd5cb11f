export type ChatMessage = { readonly role: "system" | "user" | "assistant"; readonly content: string };
