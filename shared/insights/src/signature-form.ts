/** A masked text, split on spaces. */
export type MaskedWords = {
  readonly tokens: readonly string[];
  /** Texts with different anchors are never one group, however alike they are: the codes a text names. */
  readonly anchor: string;
};

/** Where a plain word stands, and everything else of its text: texts with one `others` differ in this word alone. */
export type WordPlace = { readonly index: number; readonly word: string; readonly others: string };

/** A masked text without what varies from one occurrence to the next. Texts with one `key` are one group. */
export type SignatureForm = {
  readonly key: string;
  readonly anchor: string;
  /** `<*>` where a variable or a name stands. */
  readonly words: readonly string[];
};

/** `shown`: the words with the masks that the variables had. */
export type ShownForm = SignatureForm & { readonly shown: readonly string[] };

const wildcard = "<*>";

/** Words at the beginning whose names with dots or underscores tell groups apart: a class, a program, a table that reports. */
const leadingWords = 3;
/** Least share of words that stay, from 0 to 1, for the variables to be left out: what has few words is told by the shape of its variables. */
const leastConstant = 1 / 3;
/** Places of one text that are looked at; a text of 300 characters has room for more only when its words have one letter. */
const mostPlaces = 64;

/**
 * `variable`: holds a digit or a mask. `failure`: names an exception, which says what went wrong as a code does. `plain`: letters, with
 * - / ' between them. `name`: anything else, such as `stg_orders` and `org.apache.Foo`.
 */
type WordClass = "variable" | "failure" | "plain" | "name";

const plainWord = /^[^\p{L}\p{N}_]*\p{L}+(?:['’\-/]\p{L}+)*[^\p{L}\p{N}_]*$/u;
const failureName = /\p{Ll}(?:Exception|Error)(?![\p{L}\p{N}])/u;
/** Of `key=word` the key, which stays whatever the word is. */
const assignment = /^[\p{L}_][\w.-]{0,40}=(?!=)/u;

const headOf = (token: string): string => assignment.exec(token)?.[0] ?? "";

const isVariable = (token: string): boolean => /[\d<]/.test(token);

function classOf(token: string): WordClass {
  if (isVariable(token)) return "variable";
  if (failureName.test(token)) return "failure";
  return plainWord.test(token.slice(headOf(token).length)) ? "plain" : "name";
}

/** What a word is, and what stands for it where it varies: in a text with enough constant words, and in one without. */
type ReadWord = { readonly kind: WordClass; readonly loose: string; readonly tight: string };

function readWord(token: string): ReadWord {
  const kind = classOf(token);
  return { kind, loose: headOf(token) + wildcard, tight: kind === "variable" ? token.replace(/\d+/g, "0") : token };
}

/** Words that are remembered; they repeat from text to text. */
const rememberedWords = 20_000;

/** Reads the form of masked texts; what it remembers is bounded. */
export function createFormReader(): (text: MaskedWords) => SignatureForm {
  const known = new Map<string, ReadWord>();
  const read = (token: string): ReadWord => {
    let word = known.get(token);
    if (word) return word;
    if (known.size >= rememberedWords) known.clear();
    word = readWord(token);
    known.set(token, word);
    return word;
  };
  return ({ tokens, anchor }) => {
    const found = tokens.map(read);
    let constant = 0;
    for (let index = 0; index < found.length; index += 1) if (isConstant(found[index], index)) constant += 1;
    const loose = constant >= leastConstant * tokens.length;
    const words = tokens.map((token, index) => {
      const word = found[index];
      if (!word || isConstant(word, index)) return token;
      return loose ? word.loose : word.tight;
    });
    return { key: keyOf(words, anchor), anchor, words };
  };
}

const isConstant = (word: ReadWord | undefined, index: number): boolean =>
  word !== undefined && (word.kind === "plain" || word.kind === "failure" || (word.kind === "name" && index < leadingWords));

const keyOf = (words: readonly string[], anchor: string): string => `${anchor}\n${words.join(" ")}`;

/** The form of a text as people read it. */
export const shownForm = (form: SignatureForm, { tokens }: MaskedWords): ShownForm => ({
  ...form,
  shown: form.words.map((word, index) => (isVariable(tokens[index] ?? "") ? (tokens[index] ?? word) : word)),
});

/** The plain words of a form that stand beside at least `leastOthers` others. */
export function placesOf({ words, anchor }: SignatureForm, leastOthers: number): WordPlace[] {
  const plain = words.flatMap((word, index) => (classOf(word) === "plain" ? [index] : []));
  if (plain.length - 1 < leastOthers) return [];
  return plain.slice(0, mostPlaces).map((index) => {
    const word = words[index] ?? "";
    return { index, word, others: keyOf(words.with(index, `${headOf(word)}\u0000`), anchor) };
  });
}

/** The form with a wildcard in one more place. */
export function widenedForm({ words, shown, anchor }: ShownForm, index: number): ShownForm {
  const hole = headOf(words[index] ?? "") + wildcard;
  const wider = words.with(index, hole);
  return { key: keyOf(wider, anchor), anchor, words: wider, shown: shown.with(index, hole) };
}

/** What two forms have in common, wildcards where they differ; the first where they cannot be compared. */
export function commonForm(one: ShownForm, other: ShownForm): ShownForm {
  const { anchor } = one;
  if (one.words.length !== other.words.length || anchor !== other.anchor) return one;
  const words = commonWords(one.words, other.words);
  return { key: keyOf(words, anchor), anchor, words, shown: commonWords(one.shown, other.shown) };
}

const commonWords = (one: readonly string[], other: readonly string[]): string[] =>
  one.map((word, index) => {
    const beside = other[index] ?? "";
    if (word === beside) return word;
    const head = headOf(word);
    return (head === headOf(beside) ? head : "") + wildcard;
  });
