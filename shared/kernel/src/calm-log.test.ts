import { pino } from "pino";
import { createCalmLog } from "./calm-log.js";

function start() {
  const lines: { msg: string; alike?: number }[] = [];
  const clock = { ms: 0 };
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line) as { msg: string }) });
  return { lines, clock, calm: createCalmLog(log, { now: () => clock.ms }) };
}

test("createCalmLog, three thousand of two kinds in a minute, are two lines", () => {
  const { lines, clock, calm } = start();
  for (let n = 0; n < 3_000; n += 1) {
    clock.ms += 10;
    calm.tell(n % 2 === 0 ? "full" : "replica", "error", {}, n % 2 === 0 ? "full" : "replica");
  }
  expect(lines.map(({ msg }) => msg)).toEqual(["full", "replica"]);
});

test("createCalmLog, one that lasts, is told again each minute with how often it came", () => {
  const { lines, clock, calm } = start();
  for (let second = 0; second <= 120; second += 1) {
    clock.ms = second * 1_000;
    calm.tell("full", "error", {}, "full");
  }
  expect(lines.map(({ alike }) => alike)).toEqual([undefined, 59, 59]);
});
