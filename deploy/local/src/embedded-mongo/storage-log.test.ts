import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "bson";
import fc from "fast-check";
import { change } from "./log-frames.js";
import { StorageLog } from "./storage-log.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flow-rag-log-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const path = () => join(dir, "documents.log");
function readAll(): unknown[] {
  const seen: unknown[] = [];
  const { log } = StorageLog.open(path(), ({ kind, namespace, raw }) => seen.push([kind, namespace, deserialize(raw)["_id"] as unknown]));
  log.close();
  return seen;
}

test("open, after appends, replays them in order", () => {
  const { log } = StorageLog.open(path(), () => {});
  log.append(change.put, "d.ünï", serialize({ _id: 1 }));
  log.append(change.remove, "d.ünï", serialize({ _id: 1 }));
  log.commit();
  log.close();
  expect(readAll()).toEqual([
    [change.put, "d.ünï", 1],
    [change.remove, "d.ünï", 1],
  ]);
});

test("open, a file cut at any byte, replays a prefix and takes new changes", () => {
  const { log } = StorageLog.open(path(), () => {});
  for (let _id = 0; _id < 5; _id++) log.append(change.put, "d.c", serialize({ _id, text: "x".repeat(_id * 10) }));
  log.commit();
  log.close();
  const whole = readFileSync(path());
  fc.assert(
    fc.property(fc.nat(whole.length), (length) => {
      writeFileSync(path(), whole.subarray(0, length));
      const before = readAll();
      const again = StorageLog.open(path(), () => {}).log;
      again.append(change.put, "d.c", serialize({ _id: 99 }));
      again.commit();
      again.close();
      expect(before).toEqual([0, 1, 2, 3, 4].slice(0, before.length).map((_id) => [change.put, "d.c", _id]));
      expect(readAll()).toEqual([...before, [change.put, "d.c", 99]]);
    }),
  );
});

test.each([
  ["last", 2, [0, 1]],
  ["middle", 1, [0, 2]],
])("open, a flipped bit in the %s frame, loses that frame only", (_place, at, left) => {
  const { log } = StorageLog.open(path(), () => {});
  const ends: number[] = [];
  for (let _id = 0; _id < 3; _id++) {
    log.append(change.put, "d.c", serialize({ _id }));
    log.commit();
    ends.push(log.end);
  }
  log.close();
  const bytes = readFileSync(path());
  const flipped = (ends[at] ?? 0) - 6;
  bytes[flipped] = (bytes[flipped] ?? 0) ^ 1;
  writeFileSync(path(), bytes);
  expect(readAll()).toEqual(left.map((_id) => [change.put, "d.c", _id]));
});

test("open, much more than a window of frames, replays each at its place", () => {
  const { log } = StorageLog.open(path(), () => {});
  const text = "x".repeat(3_000_000);
  for (let _id = 0; _id < 8; _id++) {
    log.append(change.put, "d.c", serialize({ _id, text }));
    log.commit();
  }
  log.close();
  const seen: number[] = [];
  const again = StorageLog.open(path(), ({ raw, offset }, segment) => {
    expect(deserialize(segment.read(offset, raw.length))["_id"]).toBe(deserialize(raw)["_id"]);
    seen.push(Number(deserialize(raw)["_id"]));
  });
  again.log.close();
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
