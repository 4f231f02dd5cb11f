import { type AST, RegExpParser } from "@eslint-community/regexpp";

type Next = (at: number) => number;
/** Goes on from a place with what follows; the end of the match, or -1. */
type Matcher = (at: number, next: Next) => number;
/** What one search works on. */
type Search = { text: string; steps: number; readonly groups: ([number, number] | undefined)[] };
type Context = {
  readonly search: Search;
  readonly flags: AST.Flags;
  /** A lookbehind goes through its parts from right to left. */
  readonly backward: boolean;
};
type Single = AST.Character | AST.CharacterSet | AST.CharacterClass;

export type CountedPattern = {
  /** Index and end of the first match at or behind `from`, and the steps it took: characters looked at, also again after going back. */
  readonly find: (text: string, from: number) => { readonly index: number; readonly end: number; readonly steps: number };
};

const fail = -1;
const isSingle = (node: AST.Node): node is Single =>
  node.type === "Character" || node.type === "CharacterSet" || node.type === "CharacterClass";

/**
 * A regular expression as the backtracking matcher that ECMAScript specifies it to be, which counts its steps: the engine does not tell how
 * often it goes back. Parsed by regexpp; each class of characters is asked of the engine itself. An alternative whose first character
 * cannot stand at a place is not entered, as in V8. Throws on what no pattern here uses (flag v).
 */
export function compileCounted({ source, flags: given }: RegExp): CountedPattern {
  const parser = new RegExpParser();
  const flags = parser.parseFlags(given);
  if (flags.unicodeSets) throw new Error(`cannot count the steps of /${source}/${given}: flag v`);
  const pattern = parser.parsePattern(source, 0, source.length, { unicode: flags.unicode });
  const search: Search = { text: "", steps: 0, groups: [] };
  const context: Context = { search, flags, backward: false };
  const match = compileAlternatives(pattern.alternatives, context);
  const onlyAtStart =
    !flags.multiline && pattern.alternatives.every(({ elements: [first] }) => first?.type === "Assertion" && first.kind === "start");
  return {
    find(text, from) {
      Object.assign(search, { text, steps: 0 });
      const last = flags.sticky ? from : onlyAtStart ? 0 : text.length;
      for (let index = from; index <= last; index += widthAt(text, index, flags.unicode)) {
        search.steps += 1;
        search.groups.length = 0;
        const end = match(index, (at) => at);
        if (end !== fail) return { index, end, steps: search.steps };
      }
      return { index: fail, end: fail, steps: search.steps };
    },
  };
}

const widthAt = (text: string, at: number, unicode: boolean): number => (unicode && (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

function compileAlternatives(alternatives: readonly AST.Alternative[], context: Context): Matcher {
  const { search, backward } = context;
  const ways = alternatives.map(({ elements }) => ({
    match: compileSequence(elements, context),
    first: backward ? undefined : firstOf(elements, context),
  }));
  return (at, next) => {
    for (const { match, first } of ways) {
      if (first?.(at) === false) continue;
      search.steps += 1;
      const end = match(at, next);
      if (end !== fail) return end;
    }
    return fail;
  };
}

/** Whether a sequence can begin at a place, where its first character tells. */
function firstOf(elements: readonly AST.Element[], context: Context): ((at: number) => boolean) | undefined {
  const first = elements.find(({ type }) => type !== "Assertion");
  if (!first || first.type === "Assertion" || first.type === "Backreference" || first.type === "ExpressionCharacterClass") return undefined;
  if (isSingle(first)) {
    const step = compileSingle(first, context);
    return (at) => step(at) !== fail;
  }
  if (first.type === "Quantifier") return first.min > 0 ? firstOf([first.element], context) : undefined;
  const ways = first.alternatives.map((way) => firstOf(way.elements, context));
  return ways.some((way) => way === undefined) ? undefined : (at) => ways.some((way) => way?.(at) === true);
}

function compileSequence(elements: readonly AST.Element[], context: Context): Matcher {
  const parts = elements.map((element) => compile(element, context));
  if (context.backward) parts.reverse();
  return parts.reduceRight<Matcher>(
    (rest, part) => (at, next) => part(at, (to) => rest(to, next)),
    (at, next) => next(at),
  );
}

function compile(node: AST.Element, context: Context): Matcher {
  switch (node.type) {
    case "Character":
    case "CharacterSet":
    case "CharacterClass": {
      const step = compileSingle(node, context);
      return (at, next) => {
        context.search.steps += 1;
        const to = step(at);
        return to === fail ? fail : next(to);
      };
    }
    case "Group":
      return compileAlternatives(node.alternatives, context);
    case "CapturingGroup":
      return compileCapture(node, context);
    case "Quantifier":
      return isSingle(node.element) ? repeatSingle(node, compileSingle(node.element, context), context) : repeat(node, context);
    case "Assertion":
      return compileAssertion(node, context);
    case "Backreference":
      return compileBackreference(node, context);
    case "ExpressionCharacterClass":
      throw new Error(`cannot count the steps of ${node.raw}`);
  }
}

/** The place behind the one character that the node takes, or -1. */
function compileSingle(node: Single, { search, flags, backward }: Context): (at: number) => number {
  const native = new RegExp(`^${node.raw}$`, `${flags.ignoreCase ? "i" : ""}${flags.dotAll ? "s" : ""}${flags.unicode ? "u" : ""}`);
  const known = new Map<string, boolean>();
  return (at) => {
    const { text } = search;
    if (backward ? at <= 0 : at >= text.length) return fail;
    const pair = flags.unicode && (text.codePointAt(backward ? at - 2 : at) ?? 0) > 0xffff;
    const width = pair && (!backward || at > 1) ? 2 : 1;
    const [start, to] = backward ? [at - width, at - width] : [at, at + width];
    const character = text.slice(start, start + width);
    let takes = known.get(character);
    if (takes === undefined) known.set(character, (takes = native.test(character)));
    return takes ? to : fail;
  };
}

/** Repeats one character without a frame for each: texts are longer than the stack is deep. */
function repeatSingle({ min, max, greedy }: AST.Quantifier, step: (at: number) => number, { search }: Context): Matcher {
  return (at, next) => {
    const places = [at];
    const take = (): boolean => {
      search.steps += 1;
      const to = step(places.at(-1) ?? fail);
      return to !== fail && places.push(to) > 0;
    };
    while (places.length <= (greedy ? max : min) && take());
    for (;;) {
      const place = places.at(-1) ?? fail;
      if (places.length <= min) return fail;
      search.steps += 1;
      const end = next(place);
      if (end !== fail) return end;
      if (greedy) places.pop();
      else if (places.length > max || !take()) return fail;
    }
  };
}

function repeat({ element, min, max, greedy }: AST.Quantifier, context: Context): Matcher {
  const match = compile(element, context);
  const round = (count: number, at: number, next: Next): number => {
    context.search.steps += 1;
    const again = () => (count < max ? match(at, (to) => (to === at && count >= min ? fail : round(count + 1, to, next))) : fail);
    if (count < min) return again();
    const end = greedy ? again() : next(at);
    return end !== fail ? end : greedy ? next(at) : again();
  };
  return (at, next) => round(0, at, next);
}

function compileCapture(node: AST.CapturingGroup, context: Context): Matcher {
  const { groups } = context.search;
  const match = compileAlternatives(node.alternatives, context);
  const number = numberOf(node);
  return (at, next) =>
    match(at, (to) => {
      const before = groups[number];
      groups[number] = [Math.min(at, to), Math.max(at, to)];
      const end = next(to);
      if (end === fail) groups[number] = before;
      return end;
    });
}

/** Groups are told apart by where they stand in the pattern. */
const numberOf = (node: AST.CapturingGroup): number => node.start;

function compileBackreference({ resolved }: AST.Backreference, { search, flags, backward }: Context): Matcher {
  const group = Array.isArray(resolved) ? resolved[0] : resolved;
  if (!group || backward) throw new Error("cannot count the steps of this reference back");
  const fold = (text: string) => (flags.ignoreCase ? text.toLowerCase() : text);
  return (at, next) => {
    const [from, to] = search.groups[numberOf(group)] ?? [0, 0];
    search.steps += 1 + to - from;
    const same = fold(search.text.slice(from, to)) === fold(search.text.slice(at, at + to - from));
    return same ? next(at + to - from) : fail;
  };
}

function compileAssertion(node: AST.Assertion, context: Context): Matcher {
  const { search, flags } = context;
  const when =
    (holds: (at: number) => boolean): Matcher =>
    (at, next) => {
      search.steps += 1;
      return holds(at) ? next(at) : fail;
    };
  const isBreak = (at: number) => flags.multiline && /[\n\r\u2028\u2029]/.test(search.text.charAt(at));
  switch (node.kind) {
    case "start":
      return when((at) => at === 0 || isBreak(at - 1));
    case "end":
      return when((at) => at === search.text.length || isBreak(at));
    case "word": {
      const isWord = (at: number) => /\w/.test(search.text.charAt(at));
      return when((at) => (isWord(at - 1) !== isWord(at)) !== node.negate);
    }
    case "lookahead":
    case "lookbehind": {
      const match = compileAlternatives(node.alternatives, { ...context, backward: node.kind === "lookbehind" });
      return when((at) => (match(at, (to) => to) !== fail) !== node.negate);
    }
  }
}
