import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "bson";
import fc from "fast-check";
import { change, StorageLog, type LoggedChange } from "./storage-log.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flow-rag-log-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const path = () => join(dir, "documents.log");
function readAll(): unknown[] {
  const seen: LoggedChange[] = [];
  StorageLog.open(path(), (logged) => seen.push(logged)).log.close();
  return seen.map(({ kind, namespace, raw }) => [kind, namespace, deserialize(raw)["_id"] as unknown]);
}

test("open, after appends, replays them in order", () => {
  const { log } = StorageLog.open(path(), () => {});
  log.put("d.ünï", serialize({ _id: 1 }));
  log.remove("d.ünï", 1);
  log.close();
  expect(readAll()).toEqual([
    [change.put, "d.ünï", 1],
    [change.remove, "d.ünï", 1],
  ]);
});

test("open, a file cut at any byte, replays a prefix and takes new changes", () => {
  const { log } = StorageLog.open(path(), () => {});
  for (let _id = 0; _id < 5; _id++) log.put("d.c", serialize({ _id, text: "x".repeat(_id * 10) }));
  log.close();
  const whole = readFileSync(path());
  fc.assert(
    fc.property(fc.nat(whole.length), (length) => {
      writeFileSync(path(), whole.subarray(0, length));
      const before = readAll();
      const again = StorageLog.open(path(), () => {}).log;
      again.put("d.c", serialize({ _id: 99 }));
      again.close();
      expect(before).toEqual([0, 1, 2, 3, 4].slice(0, before.length).map((_id) => [change.put, "d.c", _id]));
      expect(readAll()).toEqual([...before, [change.put, "d.c", 99]]);
    }),
  );
});

test("open, a flipped bit, ends the replay there", () => {
  const { log } = StorageLog.open(path(), () => {});
  log.put("d.c", serialize({ _id: 1 }));
  log.put("d.c", serialize({ _id: 2 }));
  log.close();
  const bytes = readFileSync(path());
  bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1;
  writeFileSync(path(), bytes);
  expect(readAll()).toEqual([[change.put, "d.c", 1]]);
  appendFileSync(path(), "");
});
