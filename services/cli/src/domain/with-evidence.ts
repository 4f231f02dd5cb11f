import type { Context } from "@flow-rag/contracts";

type Answered = {
  readonly answer: string;
  readonly citations: readonly { n: number; id: string }[];
  readonly contexts: readonly Context[];
};

/** The answer's text, and under it the record that each of its numbers in brackets stands for: id, pipeline, techno and time (UTC). */
export function withEvidence({ answer, citations, contexts }: Answered): string {
  const cited = citations.map(({ n, id }) => {
    const { pipeline, tech, ts } = contexts.find(({ meta }) => meta.id === id)?.meta ?? {};
    return `[${n}] ${[id, pipeline, tech, ts].filter((part) => part !== undefined).join(" · ")}`;
  });
  return [answer, ...cited].join("\n");
}
