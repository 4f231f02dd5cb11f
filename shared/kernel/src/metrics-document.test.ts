import { readFileSync } from "node:fs";
import { createLogger } from "./logger.js";
import { createMetrics } from "./metrics.js";

const text = readFileSync(new URL("../../../docs/METRICS.md", import.meta.url), "utf8");
const documented = [...text.matchAll(/^\| `([a-z_]+)` +\| (counter|gauge|histogram) +\| ([^|]*)\|/gm)].map(
  ([, name, type, labels = ""]) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
  }),
);

test("docs/METRICS.md, the registry, names every metric with its type and labels and no other", () => {
  const metrics = createMetrics({ log: createLogger("test", "silent") });
  const exported = metrics.describe().map(({ name, type, labels }) => ({ name, type, labels }));
  metrics.close();
  const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1);
  expect(documented.sort(byName)).toEqual(exported.sort(byName));
});
