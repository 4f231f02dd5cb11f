import { digest } from "@flow-rag/contracts";
import { existsSync, readFileSync } from "node:fs";
import { dataFolder } from "./data.js";

/** An error text of a real run; `id` is made of the text, so that a judgement of ids can be kept without the texts. */
export type JudgedText = { readonly id: string; readonly text: string; readonly kind: "message" | "line" };

const size = 600;
/** Lines that look alike but for their variables: at most so many of one look, and a look has siblings from so many on. */
const [mostAlike, siblings] = [5, 3];
const idOf = (text: string): string => `t-${digest("judged", text).slice(0, 12)}`;
const lookOf = (line: string): string => line.replace(/\S*[\d/.:]\S*/g, "#").slice(0, 40);

/**
 * The texts that people group by hand: every distinct error message of the real runs, filled up to 600 with lines from inside those messages,
 * half of them lines that have near-duplicates and half that have none. Chosen and ordered by a hash. Undefined when the data is absent.
 */
export function readJudgedTexts(): JudgedText[] | undefined {
  const files = ["ci-builds", "website-checks"].map((name) => new URL(`runs/${name}.ndjson`, dataFolder));
  if (!files.every((file) => existsSync(file))) return undefined;
  const messages = new Set(
    files.flatMap((file) =>
      readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .flatMap((row) => (JSON.parse(row) as { error_message?: string }).error_message ?? []),
    ),
  );
  const lines = new Set([...messages].flatMap((text) => text.split("\n").slice(1)).map((line) => line.trim()));
  const looks = new Map<string, string[]>();
  for (const line of byHash([...lines])) {
    if (messages.has(line) || (line.match(/\p{L}{3,}/gu) ?? []).length < 3) continue;
    looks.set(lookOf(line), [...(looks.get(lookOf(line)) ?? []), line]);
  }
  const alike = [...looks.values()].filter((same) => same.length >= siblings).flatMap((same) => same.slice(0, mostAlike));
  const alone = [...looks.values()].filter((same) => same.length === 1).flat();
  const wanted = size - messages.size;
  const chosen = [...alike.slice(0, Math.ceil(wanted / 2)), ...alone.slice(0, Math.floor(wanted / 2))];
  return [
    ...byHash([...messages]).map((text): JudgedText => ({ id: idOf(text), text, kind: "message" })),
    ...chosen.map((text): JudgedText => ({ id: idOf(text), text, kind: "line" })),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const byHash = (texts: readonly string[]): string[] =>
  texts
    .map((text) => [digest("order", text), text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text);
