import { AppError } from "@flow-rag/kernel";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

const headBytes = 65_536;

/** What a file begins with when it holds no text that records can be read from, and what to do about it. */
const otherKinds: readonly { readonly magic: readonly number[] | string; readonly at?: number; readonly advice: string }[] = [
  { magic: "PAR1", advice: "a Parquet file: write it as CSV or NDJSON first (duckdb, pandas)" },
  { magic: "ORC", advice: "an ORC file: write it as CSV or NDJSON first" },
  { magic: "Obj\u0001", advice: "an Avro file: write it as NDJSON first (avro-tools tojson)" },
  { magic: "%PDF-", advice: "a PDF: export the table as CSV" },
  { magic: "SQLite format 3", advice: "an SQLite database: export the table as CSV" },
  { magic: [0xd0, 0xcf, 0x11, 0xe0], advice: "an Excel workbook (.xls): save the sheet as CSV" },
  { magic: "BZh", advice: "compressed with bzip2: unpack it first; gzip is read as it is" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], advice: "compressed with xz: unpack it first; gzip is read as it is" },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], advice: "compressed with zstd: unpack it first; gzip is read as it is" },
  { magic: [0x37, 0x7a, 0xbc, 0xaf], advice: "a 7z archive: unpack it first; gzip is read as it is" },
  { magic: [0x04, 0x22, 0x4d, 0x18], advice: "compressed with lz4: unpack it first; gzip is read as it is" },
  { magic: "ustar", at: 257, advice: "a tar archive: unpack it first" },
  { magic: [0x89, 0x50, 0x4e, 0x47], advice: "a picture" },
  { magic: [0x7f, 0x45, 0x4c, 0x46], advice: "a program" },
];

const begins = (head: Buffer, magic: readonly number[] | string, at = 0): boolean => {
  const wanted = typeof magic === "string" ? Buffer.from(magic, "latin1") : Buffer.from(magic);
  return head.subarray(at, at + wanted.length).equals(wanted);
};

/** What the bytes are when they are no text with records, with what to do; undefined when nothing speaks against it. */
function otherKind(head: Buffer): string | undefined {
  if (begins(head, "PK\u0003\u0004") || begins(head, "PK\u0005\u0006"))
    return /\[Content_Types\]|xl\/|_rels\//.test(head.toString("latin1"))
      ? "an Excel workbook or another Office file: save the sheet as CSV"
      : "a zip archive: unpack it first; gzip is read as it is";
  return otherKinds.find(({ magic, at }) => begins(head, magic, at))?.advice;
}

/** A file of records as bytes, unpacked; it can be read as often as needed. */
export type FileBytes = {
  readonly file: string;
  readonly gzip: boolean;
  /** The first 64 KiB, unpacked. */
  readonly head: Buffer;
  read(): AsyncGenerator<Buffer>;
};

/**
 * Opens a regular file, plain or packed by gzip (known by its first bytes, whatever its name is).
 * @throws AppError `invalid_input` when it cannot be read, is empty, or is of a kind that holds no records.
 */
export async function openBytes(file: string): Promise<FileBytes> {
  const gzip = begins(await readHead(file), [0x1f, 0x8b]);
  const bytes = { file, gzip, read: () => readBytes(file, gzip) };
  const head = gzip ? await firstBytes(bytes.read()) : await readHead(file);
  const advice = otherKind(head);
  if (advice !== undefined) throw new AppError("invalid_input", `${file}: ${advice}`);
  if (head.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) && head.length < headBytes)
    throw new AppError("invalid_input", `${file}: empty, there is nothing to import`);
  return { ...bytes, head };
}

const unreadable = (file: string, cause: unknown): AppError => {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === "Z_BUF_ERROR" ? "the gzip file is cut off" : code?.startsWith("Z_") ? "the gzip file is damaged" : code;
  return new AppError("invalid_input", `${file}: cannot be read (${reason ?? message})`, { cause });
};

async function readHead(file: string): Promise<Buffer> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new Error("a folder; name one file");
    if (!found.isFile()) throw new Error("not a regular file: it is read twice, so save it first");
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function* readBytes(file: string, gzip: boolean): AsyncGenerator<Buffer> {
  const plain = createReadStream(file, { highWaterMark: headBytes });
  const stream = gzip ? pipeline(plain, createGunzip({ chunkSize: headBytes }), () => {}) : plain;
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function firstBytes(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  const found: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    found.push(chunk);
    length += chunk.length;
    if (length >= headBytes) break;
  }
  return Buffer.concat(found).subarray(0, headBytes);
}
