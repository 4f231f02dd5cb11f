import { digest } from "@flow-rag/contracts";
import { sampleHosts, sampleWords, type Pipeline } from "./generate-sample-catalogue.js";

/** The next number of a stream, from 0 up to but not including 1. */
export type Random = () => number;

/** sfc32: small, fast and good enough. Source: PractRand, Chris Doty-Humphrey. */
function createRandom(a: number, b: number, c: number, d: number): Random {
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

/** A stream of its own for every name and moment: neither more pipelines nor more days change what another run looks like. */
export function randomFor(...parts: [string, ...string[]]): Random {
  const words = digest("sample", ...parts).match(/.{8}/g) ?? [];
  const [a = 0, b = 0, c = 0, d = 0] = words.map((word) => Number.parseInt(word, 16) | 0);
  return createRandom(a, b, c, d);
}

export const pick = <T>(random: Random, items: readonly [T, ...T[]] | readonly T[]): T => items[Math.floor(random() * items.length)] as T;
export const between = (random: Random, low: number, high: number): number => Math.round(low + random() * (high - low));

export function normal(random: Random): number {
  // Box and Muller; 1 - random() is never 0.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");

function fillVariable(name: string, random: Random, pipeline: Pipeline, start: Date): string {
  switch (name) {
    case "host":
      return pick(random, sampleHosts);
    case "port":
      return String(pick(random, [1521, 5432, 8080, 9092]));
    case "path":
      return `/data/${pipeline.name}/${start.toISOString().slice(0, 10)}/part-${String(between(random, 0, 199)).padStart(5, "0")}.csv`;
    case "seconds":
      return String(pick(random, [30, 60, 300, 900]));
    case "uuid":
      return `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`;
    case "word":
      return pick(random, sampleWords);
    default:
      return String(between(random, 2, 999));
  }
}

export const fillTemplate = (template: string, random: Random, pipeline: Pipeline, start: Date): string =>
  template.replace(/\{(\w{1,10})\}/g, (_all, name: string) => fillVariable(name, random, pipeline, start));
