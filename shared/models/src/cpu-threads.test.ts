import { threadsWithin } from "./cpu-threads.js";

test.each([
  ["no cgroup", undefined, 8],
  ["no quota", "max 100000\n", 8],
  ["a quota of two and a half", "250000 100000\n", 2],
  ["a quota of half a core", "50000 100000\n", 1],
  ["a quota beyond the machine", "6400000 100000\n", 8],
  ["an unknown format", "lots\n", 8],
])("threadsWithin, eight cores and %s, gives %3$d", (_name, cpuMax, expected) => {
  expect(threadsWithin(8, cpuMax)).toBe(expected);
});
