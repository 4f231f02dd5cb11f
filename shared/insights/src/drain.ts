/** One group of texts that differ in variables only. */
export type DrainCluster = {
  /** Given by the caller when the cluster is born; never changes. */
  readonly id: string;
  /** The template's words; `<*>` where texts of this cluster differ. Widens as texts arrive. */
  readonly tokens: readonly string[];
  /** What must be equal beside the template: see `DrainText.anchor`. */
  readonly anchor: string;
};

/** A masked text, ready for the tree. */
export type DrainText = {
  readonly tokens: readonly string[];
  /** Texts with different anchors are never one cluster, however alike they are: the codes a text names. */
  readonly anchor: string;
};

export type DrainOptions = {
  /** Least share of positions with the same word, from 0 to 1, for a text to join a cluster. */
  readonly similarity: number;
  /** Words at the beginning of a text by which the tree branches before similarity is asked. */
  readonly prefixTokens: number;
  /** Branches of one node; further words share the branch of the variables. */
  readonly maxChildren: number;
  /** Clusters of one leaf that a text is compared with, the youngest; without a bound, texts that never repeat take quadratic time. */
  readonly maxCompared: number;
};

/** The one shipped configuration, for whatever system a text comes from. Source: `reference/QUALITY.md` section 2. */
export const drainOptions: DrainOptions = { similarity: 0.5, prefixTokens: 3, maxChildren: 100, maxCompared: 1_000 };

export const wildcard = "<*>";

type Node = { readonly children: Map<string, Node>; readonly clusters: Cluster[] };
type Cluster = { -readonly [K in keyof DrainCluster]: DrainCluster[K] };

const createNode = (): Node => ({ children: new Map(), clusters: [] });
const isVariable = (token: string): boolean => /[\d<]/.test(token);

/**
 * Groups masked texts online, in one pass: a tree by number of words and first words, then the most similar cluster of the leaf.
 *
 * `place` returns the text's cluster and what became of it: `known` (nothing changed), `widened` (its template has more wildcards now) or
 * `born`. The outcome depends on the order of the texts. `restore` puts a cluster back as it was, or as another process left it.
 * No two of the clusters that are compared ever have the same template and anchor.
 *
 * Source: He, Zhu, Zheng, Lyu: "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017; checked against the figures that
 * logpai/logparser publishes. Written from the paper.
 */
export function createDrain(options: DrainOptions = drainOptions) {
  const root = createNode();
  const byId = new Map<string, Cluster>();

  function childOf(node: Node, key: string, bounded: boolean): Node {
    const found = node.children.get(key);
    if (found) return found;
    if (bounded && key !== wildcard && node.children.size >= options.maxChildren) return childOf(node, wildcard, false);
    const made = createNode();
    node.children.set(key, made);
    return made;
  }

  function leafOf({ tokens, anchor }: DrainText): Node {
    let node = childOf(root, `${tokens.length} ${anchor}`, false);
    const depth = Math.min(options.prefixTokens, tokens.length);
    for (let index = 0; index < depth; index += 1) {
      const token = tokens[index] ?? wildcard;
      node = childOf(node, isVariable(token) ? wildcard : token, true);
    }
    return node;
  }

  const compared = (clusters: readonly Cluster[]): readonly Cluster[] =>
    clusters.length > options.maxCompared ? clusters.slice(-options.maxCompared) : clusters;

  function mostSimilar({ clusters }: Node, tokens: readonly string[]): Cluster | undefined {
    let best: Cluster | undefined;
    let bestSame = -1;
    let bestWild = -1;
    for (const cluster of compared(clusters)) {
      let same = 0;
      let wild = 0;
      for (let index = 0; index < tokens.length; index += 1) {
        const word = cluster.tokens[index];
        if (word === wildcard) wild += 1;
        else if (word === tokens[index]) same += 1;
      }
      if (same > bestSame || (same === bestSame && wild > bestWild)) [best, bestSame, bestWild] = [cluster, same, wild];
    }
    // A text of wildcards alone has no word to agree on.
    return best && (bestSame >= options.similarity * tokens.length || bestWild === tokens.length) ? best : undefined;
  }

  return {
    place(text: DrainText, newId: () => string): { cluster: DrainCluster; change: "known" | "widened" | "born" } {
      const leaf = leafOf(text);
      const best = mostSimilar(leaf, text.tokens);
      if (!best) {
        const id = newId();
        const known = byId.get(id);
        if (known) return { cluster: known, change: "known" };
        const born: Cluster = { id, tokens: text.tokens, anchor: text.anchor };
        leaf.clusters.push(born);
        byId.set(id, born);
        return { cluster: born, change: "born" };
      }
      const { tokens } = best;
      if (tokens.every((word, index) => word === wildcard || word === text.tokens[index])) return { cluster: best, change: "known" };
      const wider = tokens.map((word, index) => (word === text.tokens[index] ? word : wildcard));
      const twin = compared(leaf.clusters).find((other) => other !== best && other.tokens.every((word, index) => word === wider[index]));
      if (twin) return { cluster: twin, change: "known" };
      best.tokens = wider;
      return { cluster: best, change: "widened" };
    },
    /** The same id again replaces its template. */
    restore({ id, tokens, anchor }: DrainCluster): void {
      const known = byId.get(id);
      if (known) known.tokens = tokens;
      else {
        const cluster: Cluster = { id, tokens, anchor };
        leafOf(cluster).clusters.push(cluster);
        byId.set(id, cluster);
      }
    },
    get: (id: string): DrainCluster | undefined => byId.get(id),
    /** Every cluster, the oldest first. */
    clusters: (): DrainCluster[] => [...byId.values()].map((cluster) => ({ ...cluster })),
  };
}
export type Drain = ReturnType<typeof createDrain>;
