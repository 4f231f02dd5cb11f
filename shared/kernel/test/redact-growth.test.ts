import { createOperationCounter, createStepCounter } from "@flow-rag/testing";
import { redact } from "../src/redact.js";
import { harmlessTexts } from "./harmless-texts.js";
import { hostileUnits } from "./hostile-units.js";
import { moreHarmlessTexts } from "./more-harmless-texts.js";
import { moreSecretForms } from "./more-secret-forms.js";
import { secretForms } from "./secret-forms.js";

/** Never cut within a unit: another end may need another round. */
const repeated = (unit: string, length: number): string => unit.repeat(Math.floor(length / unit.length));
/** Twice the text costs twice as much, and a little for windows that the shorter one does not fill. Quadratic work costs four times as much. */
const growth = 2.25;
/** Below it what is fixed outweighs what grows. */
const small = 10_000;

/** The figures of each unit that more than double where the text doubles. */
function growing(measure: (text: string) => ReadonlyMap<string, number>, lengths: readonly number[]): string[] {
  return hostileUnits.flatMap((unit) => {
    const measured = lengths.map((length) => measure(repeated(unit, length)));
    return measured.slice(1).flatMap((twice, index) =>
      [...twice].flatMap(([name, cost]) => {
        const before = measured[index]?.get(name) ?? 0;
        return cost > Math.max(before * growth, small) ? [`${JSON.stringify(unit)}: ${before} → ${cost} ${name}`] : [];
      }),
    );
  });
}

test("redact, hostile units at 5, 10 and 20 kB, costs blocks and characters that grow no faster than the text", () => {
  expect(hostileUnits.length).toBeGreaterThanOrEqual(300);
  for (const unit of hostileUnits) redact(repeated(unit, 500)); // a function that has never run is counted in part
  const counter = createOperationCounter("/shared/kernel/src/");
  try {
    const measure = (text: string) => new Map(Object.entries(counter.count(() => void redact(text))));
    expect(growing(measure, [5_000, 10_000, 20_000])).toEqual([]);
  } finally {
    counter.close();
  }
}, 600_000);

test("redact, hostile units at 1.5 and 3 kB, costs steps of each expression that grow no faster than the text", () => {
  const counter = createStepCounter();
  const dearest = { unit: 0 };
  const measure = (text: string) => {
    const steps = counter.count(() => void redact(text));
    dearest.unit = Math.max(dearest.unit, [...steps.values()].reduce((sum, count) => sum + count, 0) / text.length);
    return steps;
  };
  expect(growing(measure, [1_500, 3_000])).toEqual([]);
  expect(dearest.unit).toBeLessThan(1_000);
}, 600_000);

test("redact, the corpus of secrets and harmless texts, is matched by the counter as by the engine", () => {
  const counter = createStepCounter();
  const marked = [...secretForms, ...moreSecretForms].map(([, text]) => text);
  for (const text of [...marked.map((each) => each.replace(/[⟦⟧]/g, "")), ...harmlessTexts, ...moreHarmlessTexts])
    expect(counter.count(() => void redact(text)).size).toBeGreaterThan(0);
});
