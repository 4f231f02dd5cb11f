import {
  commonForm,
  createFormReader,
  placesOf,
  shownForm,
  widenedForm,
  type MaskedWords,
  type ShownForm,
  type WordPlace,
} from "./signature-form.js";

/** A group that was begun: the id it was given and its first text. */
export type BornGroup = { readonly id: string } & MaskedWords;
/** Two signatures that turned out to be one. */
export type JoinedSignatures = { readonly into: string; readonly from: string };
/** What became of the groups; applied in order, it makes the same groups again. */
export type GroupChanges = { readonly born: readonly BornGroup[]; readonly joined: readonly JoinedSignatures[] };

export type GroupOptions = {
  /** Different plain words in one place from which on it holds a variable. */
  readonly distinctWords: number;
  /** Plain words that must stand beside it. */
  readonly leastOthers: number;
  /** Groups, places and joined ids that are kept; of the first two the longest unused go, beyond the last nothing is joined. */
  readonly mostGroups: number;
  readonly mostPlaces: number;
  readonly mostJoined: number;
};

/** The one shipped configuration, for whatever system a text comes from. Its figures: docs/decisions/2026-11-30-wildcards-are-earned.md. */
export const groupOptions: GroupOptions = {
  distinctWords: 5,
  leastOthers: 3,
  mostGroups: 10_000,
  mostPlaces: 100_000,
  mostJoined: 50_000,
};

type Group = { readonly id: string; readonly form: ShownForm; readonly places: readonly string[]; readonly earned: string[] };
/** Up to so many words of a place as earn it, then the group of all of them. */
type Place = { readonly groups: Map<string, Group>; earned?: Group };
/** `common`: what all its texts have in common. */
type Signature = { age: number; common: ShownForm; groups: number };

/**
 * Which failure masked texts are occurrences of. Texts that differ in variables and names are one; texts that differ in a plain word are two,
 * until as many different words as the options say stood in that one place of otherwise equal texts. What is one then keeps the oldest id,
 * and the other ids lead to it.
 *
 * The partition depends on which texts came, not on their order: a form is a function of its text, and words only ever add up to a join.
 * (Beyond the bounds of the options what was forgotten counts anew.)
 *
 * Source: docs/decisions/2026-11-30-wildcards-are-earned.md; the idea of one template a place from Drain (He et al., ICWS 2017).
 */
export function createSignatureGroups(options: GroupOptions = groupOptions) {
  const readForm = createFormReader();
  /** The longest unused first. */
  const groups = new Map<string, Group>();
  const places = new Map<string, Place>();
  const signatures = new Map<string, Signature>();
  const moved = new Map<string, string>();
  let heldPlaces = 0;
  let nextAge = 0;
  let born: BornGroup[] = [];
  let joined: JoinedSignatures[] = [];
  /** Joins that the words say and nobody has noted yet. */
  let due: (readonly [string, string])[] = [];
  /** Signatures whose texts have fewer words in common than before. */
  const wider = new Set<string>();

  const resolve = (id: string): string => {
    let last = id;
    for (let next = moved.get(last); next !== undefined; next = moved.get(last)) last = next;
    if (last !== id) moved.set(id, last);
    return last;
  };
  const ageOf = (id: string): number => signatures.get(id)?.age ?? Infinity;

  function enter(id: string, form: ShownForm): void {
    const known = signatures.get(id);
    if (!known) signatures.set(id, { age: nextAge++, common: form, groups: 1 });
    else {
      known.groups += 1;
      widen(id, known, form);
    }
  }

  function widen(id: string, signature: Signature, form: ShownForm): void {
    const { key } = signature.common;
    signature.common = commonForm(signature.common, form);
    if (signature.common.key !== key) wider.add(id);
  }

  function move({ into, from }: JoinedSignatures): void {
    const [kept, gone] = [signatures.get(into), signatures.get(from)];
    moved.set(from, into);
    signatures.delete(from);
    if (!gone) return;
    if (!kept) signatures.set(into, gone);
    else {
      kept.age = Math.min(kept.age, gone.age);
      kept.groups += gone.groups;
      widen(into, kept, gone.common);
    }
  }

  function joinDue(): void {
    for (let pair = due.pop(); pair; pair = due.pop()) {
      const [into = "", from = ""] = pair.map(resolve).sort((a, b) => ageOf(a) - ageOf(b));
      if (into === from || moved.size >= options.mostJoined) continue;
      move({ into, from });
      joined.push({ into, from });
      claimTemplates();
    }
  }

  /** Two signatures whose texts have the same words in common would read the same: they are one. */
  function claimTemplates(): void {
    for (const id of wider) {
      wider.delete(id);
      const signature = signatures.get(id);
      if (!signature) continue;
      const { common } = signature;
      const holder = groups.get(common.key);
      if (holder) due.push([id, holder.id]);
      else add(common, id, placesOf(common, options.leastOthers));
    }
  }

  function add(form: ShownForm, id: string, found: readonly WordPlace[]): Group {
    const group: Group = { id, form, places: found.map(({ others }) => others), earned: [] };
    groups.set(form.key, group);
    heldPlaces += found.length;
    enter(resolve(id), form);
    for (const place of found) fill(group, place);
    return group;
  }

  function fill(group: Group, { index, word, others }: WordPlace): void {
    const place = places.get(others) ?? { groups: new Map<string, Group>() };
    places.set(others, place);
    if (place.earned) return void due.push([group.id, place.earned.id]);
    place.groups.set(word, group);
    if (place.groups.size < options.distinctWords) return;
    const members = [...place.groups.values()];
    const wide = widenedForm(group.form, index);
    // First, or a place of the wide form could lead back here.
    place.groups.clear();
    place.earned = groups.get(wide.key) ?? add(wide, oldest(members), placesOf(wide, options.leastOthers));
    place.earned.earned.push(others);
    for (const member of members) due.push([member.id, place.earned.id]);
  }

  const oldest = (members: readonly Group[]): string =>
    members.map(({ id }) => resolve(id)).reduce((a, b) => (ageOf(b) < ageOf(a) ? b : a));

  /** The id of what a new form joins by the words that came before it. */
  function earnedId(found: readonly WordPlace[]): string | undefined {
    const ids = found.flatMap(({ word, others }) => {
      const place = places.get(others);
      if (place?.earned) return [place.earned];
      const completes = place && place.groups.size === options.distinctWords - 1 && !place.groups.has(word);
      return completes ? [...place.groups.values()] : [];
    });
    return ids.length === 0 ? undefined : oldest(ids);
  }

  function forgetUnused(): void {
    for (const [key, group] of groups) {
      if (groups.size <= options.mostGroups && heldPlaces <= options.mostPlaces) return;
      groups.delete(key);
      heldPlaces -= group.places.length;
      for (const others of group.places) leavePlace(others, group);
      for (const others of group.earned) places.delete(others);
      const signature = signatures.get(resolve(group.id));
      if (signature && --signature.groups === 0) signatures.delete(resolve(group.id));
    }
  }

  function leavePlace(others: string, group: Group): void {
    const place = places.get(others);
    if (!place || place.earned) return;
    for (const [word, member] of place.groups) if (member === group) place.groups.delete(word);
    if (place.groups.size === 0) places.delete(others);
  }

  return {
    /** The id of the text's signature; `newId` gives one to a text that begins a group. */
    place(text: MaskedWords, newId: () => string): string {
      const form = readForm(text);
      const known = groups.get(form.key);
      if (known) {
        groups.delete(form.key);
        groups.set(form.key, known);
        joinDue();
        return resolve(known.id);
      }
      const found = placesOf(form, options.leastOthers);
      const id = earnedId(found) ?? newId();
      born.push({ id, tokens: text.tokens, anchor: text.anchor });
      add(shownForm(form, text), id, found);
      claimTemplates();
      joinDue();
      forgetUnused();
      return resolve(id);
    },
    /** Says that two signatures are one, under the id of the first. */
    join({ into, from }: JoinedSignatures): void {
      const pair = { into: resolve(into), from: resolve(from) };
      if (pair.into === pair.from) return;
      move(pair);
      joined.push(pair);
      claimTemplates();
      joinDue();
    },
    /** What `place` and `join` changed since this was last asked, in order. */
    takeChanges(): GroupChanges {
      const changes = { born, joined };
      [born, joined] = [[], []];
      return changes;
    },
    /** Makes what was changed here, or by another process, part of the groups. Joins are those that were noted; others wait for `place`. */
    apply({ born: given, joined: noted }: GroupChanges): void {
      for (const { id, ...text } of given) {
        const form = readForm(text);
        if (!groups.has(form.key)) add(shownForm(form, text), id, placesOf(form, options.leastOthers));
      }
      for (const { into, from } of noted) if (resolve(into) !== resolve(from)) move({ into: resolve(into), from: resolve(from) });
      claimTemplates();
      due = due.filter(([one, other]) => resolve(one) !== resolve(other));
      forgetUnused();
    },
    /** The id that a signature's history is kept under. */
    resolve,
    /** The words that the texts of a signature have in common, `<*>` where they differ; undefined for one that is not held. */
    templateOf: (id: string): readonly string[] | undefined => signatures.get(resolve(id))?.common.shown,
    /** How much is held. */
    size: (): { groups: number; places: number; joined: number } => ({ groups: groups.size, places: heldPlaces, joined: moved.size }),
  };
}
export type SignatureGroups = ReturnType<typeof createSignatureGroups>;
