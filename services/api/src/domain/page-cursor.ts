import { AppError } from "@flow-rag/kernel";

const form = /^1~(-?\d{1,15})~([^]{1,1100})$/;

/** A place in a list as one opaque word. It holds no filter and no right: both are checked anew on every page. */
export const writePlace = ({ ts, id }: { ts: Date; id: string }): string => Buffer.from(`1~${ts.getTime()}~${id}`).toString("base64url");

/** @throws AppError `invalid_input` when the word is not one of ours. */
export function readPlace(cursor: string): { ts: Date; id: string } {
  const text = /^[\w-]+$/.test(cursor) ? Buffer.from(cursor, "base64url").toString("utf8") : "";
  const [, at, id] = form.exec(text) ?? [];
  const ts = new Date(Number(at));
  if (id === undefined || Number.isNaN(ts.getTime()) || writePlace({ ts, id }) !== cursor)
    throw new AppError("invalid_input", "cursor: not one that a page gave");
  return { ts, id };
}
