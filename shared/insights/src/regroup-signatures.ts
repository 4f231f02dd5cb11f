import { digest } from "@flow-rag/contracts";
import { signatureId } from "./error-signature.js";
import { createFormReader, type MaskedWords, type SignatureForm } from "./signature-form.js";
import { createSignatureGroups, type JoinedSignatures } from "./signature-groups.js";
import { firstIdOf, maskedWordsOf } from "./signature-miner.js";

/** That an error was stored under a signature. */
export type StoredSighting = {
  /** The id that its history is kept under by now. */
  readonly id: string;
  readonly text: string;
  readonly at: Date;
  /** Null of the text that a signature is remembered by. */
  readonly pipeline: string | null;
  readonly tech: string | null;
};
export type RegroupedSignature = { readonly id: string; readonly template: string; readonly runs: number };
/** What the stored errors say of a signature. */
export type RestatedSignature = {
  readonly id: string;
  readonly template: string;
  readonly example: string;
  readonly pipelines: readonly string[];
  readonly techs: readonly string[];
  readonly firstSeen: Date;
  readonly lastSeen: Date;
};
export type Regrouping = {
  /** Every form of text with the id it gets, the first seen first. `key` is what the form is stored under. */
  readonly forms: readonly { readonly key: string; readonly text: MaskedWords; readonly id: string }[];
  readonly joined: readonly JoinedSignatures[];
  /** Signatures, the most runs first. */
  readonly signatures: readonly RegroupedSignature[];
  /** What was one signature and is several: the one that keeps the id first. */
  readonly splits: readonly { readonly id: string; readonly into: readonly RegroupedSignature[] }[];
  /** What is to be known of every part of a split. */
  readonly restated: readonly RestatedSignature[];
  /** What was several signatures and is one; `from` are the ids that lead to it. */
  readonly joins: readonly (RegroupedSignature & { readonly from: readonly string[] })[];
};

/** What the signature of a form is stored under. */
export const storedKeyOf = ({ key }: SignatureForm): string => digest("form", key);

type Form = {
  readonly text: MaskedWords;
  /** Runs by the id that they were stored under. */
  readonly runs: Map<string, number>;
  readonly pipelines: Set<string>;
  readonly techs: Set<string>;
  example: string;
  first: Date;
  last: Date;
  group: string;
};
type Old = { key: string; at: Date; isRemembered: boolean };

/**
 * Groups stored errors anew, as if today's masks and rules had been there from the first. A signature keeps its id where its remembered (else
 * first) text is; of several in one group the oldest id is kept.
 */
export function createRegrouping() {
  const readForm = createFormReader();
  const forms = new Map<string, Form>();
  const olds = new Map<string, Old>();

  function take({ id, text, at, pipeline, tech }: StoredSighting): void {
    const words = maskedWordsOf(text);
    if (!words) return;
    const key = storedKeyOf(readForm(words));
    const form = forms.get(key) ?? beginForm(words, { key, text, at });
    forms.set(key, form);
    if (at < form.first) [form.first, form.example] = [at, text];
    if (at > form.last) form.last = at;
    if (pipeline !== null) form.pipelines.add(pipeline);
    if (tech !== null) form.techs.add(tech);
    const isRemembered = pipeline === null;
    form.runs.set(id, (form.runs.get(id) ?? 0) + Number(!isRemembered));
    const old = olds.get(id) ?? { key, at, isRemembered };
    olds.set(id, old);
    if (isRemembered || (!old.isRemembered && at < old.at)) old.key = key;
    old.isRemembered ||= isRemembered;
    if (at < old.at) old.at = at;
  }

  function plan(): Regrouping {
    const inOrder = [...forms].sort(([, a], [, b]) => a.first.getTime() - b.first.getTime());
    const groups = createSignatureGroups();
    for (const [key, form] of inOrder) form.group = groups.place(form.text, () => key);
    for (const [, form] of inOrder) form.group = groups.resolve(form.group);
    const members = groupBy(inOrder, ([, { group }]) => group);
    const heirs = groupBy(
      [...olds].sort(([, a], [, b]) => a.at.getTime() - b.at.getTime()),
      ([, { key }]) => forms.get(key)?.group ?? key,
    );
    const ids = new Map([...members].map(([group, own]) => [group, heirs.get(group)?.[0]?.[0] ?? freeId(own[0]?.[1].text)]));
    const idOf = (group: string): string => ids.get(group) ?? group;
    const describe = (group: string, runs: number): RegroupedSignature => ({
      id: idOf(group),
      template: (groups.templateOf(group) ?? []).join(" "),
      runs,
    });
    const runsOf = (group: string): number => sum((members.get(group) ?? []).flatMap(([, { runs }]) => [...runs.values()]));
    const parts = partsOf(inOrder.map(([, form]) => form));
    const splits = [...parts].filter(([, into]) => into.size > 1);
    return {
      forms: inOrder.map(([key, { text, group }]) => ({ key, text, id: idOf(group) })),
      joined: [...heirs.values()].flatMap(([[into] = [""], ...others]) => others.map(([from]) => ({ into, from }))),
      signatures: [...members.keys()].map((group) => describe(group, runsOf(group))).sort(byRuns),
      splits: splits.map(([id, into]) => ({
        id,
        into: [...into]
          .map(([group, runs]) => describe(group, runs))
          .sort((a, b) => Number(b.id === id) - Number(a.id === id) || byRuns(a, b)),
      })),
      restated: [...new Set(splits.flatMap(([, into]) => [...into.keys()]))].map((group) => {
        const own = (members.get(group) ?? []).map(([, form]) => form);
        return restate(describe(group, runsOf(group)), own);
      }),
      joins: [...heirs].flatMap(([group, [, ...from]]) =>
        from.length === 0 ? [] : [{ ...describe(group, runsOf(group)), from: from.map(([id]) => id) }],
      ),
    };
  }

  /** An id that no signature has yet. */
  function freeId(text: MaskedWords = { tokens: [], anchor: "" }): string {
    let id = firstIdOf(text);
    for (let turn = 2; olds.has(id); turn += 1) id = signatureId(`${text.tokens.join(" ")} ${turn}`);
    return id;
  }

  return { take, plan };
}

const beginForm = (text: MaskedWords, { key, text: example, at }: { key: string; text: string; at: Date }): Form => ({
  text,
  runs: new Map(),
  pipelines: new Set(),
  techs: new Set(),
  example,
  first: at,
  last: at,
  group: key,
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const byRuns = (a: RegroupedSignature, b: RegroupedSignature): number => b.runs - a.runs || (a.id < b.id ? -1 : 1);

function groupBy<T>(list: readonly T[], keyOf: (member: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const member of list) {
    const group = groups.get(keyOf(member));
    if (group) group.push(member);
    else groups.set(keyOf(member), [member]);
  }
  return groups;
}

/** By stored id: the groups that its errors are of, with how many runs. */
function partsOf(forms: readonly Form[]): Map<string, Map<string, number>> {
  const parts = new Map<string, Map<string, number>>();
  for (const { group, runs } of forms)
    for (const [old, count] of runs) {
      const into = parts.get(old) ?? new Map<string, number>();
      parts.set(old, into.set(group, (into.get(group) ?? 0) + count));
    }
  return parts;
}

function restate({ id, template }: RegroupedSignature, forms: readonly Form[]): RestatedSignature {
  const oldest = forms.reduce((a, b) => (b.first < a.first ? b : a));
  const names = (field: "pipelines" | "techs"): string[] => [...new Set(forms.flatMap((form) => [...form[field]]))].sort();
  return {
    id,
    template,
    example: oldest.example,
    pipelines: names("pipelines"),
    techs: names("techs"),
    firstSeen: oldest.first,
    lastSeen: forms.reduce((a, b) => (b.last > a.last ? b : a)).last,
  };
}
