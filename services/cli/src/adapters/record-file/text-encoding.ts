import { AppError } from "@flow-rag/kernel";
import { analyse } from "chardet";
import iconv from "iconv-lite";
import { westernShare } from "../../domain/import/western-text.js";
import type { FileBytes } from "./file-bytes.js";

/** How a file's bytes are its text. `found`: what told so. */
export type TextEncoding = { readonly name: string; readonly found: "asked for" | "byte order mark" | "detected" };

const marks = [
  { name: "UTF-32", bytes: [0xff, 0xfe, 0, 0] },
  { name: "UTF-32", bytes: [0, 0, 0xfe, 0xff] },
  { name: "UTF-8", bytes: [0xef, 0xbb, 0xbf] },
  { name: "UTF-16LE", bytes: [0xff, 0xfe] },
  { name: "UTF-16BE", bytes: [0xfe, 0xff] },
] as const;
const sampleBytes = 65_536;
/** How much sense a file without any mark must make as Windows-1252 before it is taken for that, and how much more than as any other. */
const wantedShare = 0.8;
const wantedLead = 0.08;
/** Other tables of the same machines and years. Where one of them makes as much sense, nobody can tell. */
const rivals = ["cp850", "macintosh"];

/**
 * The encoding of a file: the asked one, that of its byte order mark, UTF-16 by its NUL bytes, UTF-8 when every byte of the whole file
 * is UTF-8, else Windows-1252 (of which ISO 8859-1 is a part) when what it gives makes sense.
 * @throws AppError `invalid_input` when there is doubt, or the asked encoding is unknown; the message says what to type.
 */
export async function detectEncoding(bytes: FileBytes, asked: string | undefined, signal: AbortSignal): Promise<TextEncoding> {
  if (asked !== undefined) return { name: knownName(asked), found: "asked for" };
  const mark = marks.find((candidate) => bytes.head.subarray(0, candidate.bytes.length).equals(Buffer.from(candidate.bytes)));
  if (mark?.name === "UTF-32") throw new AppError("invalid_input", `${bytes.file}: UTF-32: write it as UTF-8 first`);
  if (mark) return { name: mark.name, found: "byte order mark" };
  const wide = wideName(bytes.head);
  if (wide === "binary") throw new AppError("invalid_input", `${bytes.file}: holds NUL bytes: this is no text`);
  if (wide !== undefined) return { name: wide, found: "detected" };
  const foreign = await sampleOfOthers(bytes, signal);
  if (foreign === undefined) return { name: "UTF-8", found: "detected" };
  const share = westernShare(iconv.decode(foreign, "windows-1252"));
  const rival = Math.max(...rivals.map((name) => westernShare(iconv.decode(foreign, name))));
  if (share >= wantedShare && share - rival >= wantedLead) return { name: "windows-1252", found: "detected" };
  throw new AppError("invalid_input", `${bytes.file}: the text is not UTF-8, and which encoding it has is in doubt; ${adviceFor(foreign)}`);
}

function adviceFor(sample: Buffer): string {
  const westernRivals = ["windows-1252", ...rivals].filter((name) => westernShare(iconv.decode(sample, name)) >= wantedShare);
  const guesses = analyse(sample)
    .map(({ name }) => name)
    .filter((name) => iconv.encodingExists(name) && !/^(?:utf-?8|iso-8859-1|windows-1252)$/i.test(name));
  const names = [...new Set([...westernRivals, ...guesses])].slice(0, 3);
  return `say it: ${[...names, ...(names.length < 3 ? ["windows-1252"] : [])].map((name) => `--encoding ${name}`).join(", ")}, … (--dry-run shows what comes out)`;
}

function knownName(asked: string): string {
  if (/^utf-?8$/i.test(asked)) return "UTF-8";
  if (iconv.encodingExists(asked) && !/^(?:base64|hex|binary|internal|utf-?32)/i.test(asked)) return asked;
  throw new AppError(
    "invalid_input",
    `--encoding ${asked}: unknown; utf-8, utf-16le, utf-16be, windows-1252, iso-8859-15, cp850, … are known`,
  );
}

/** UTF-16 without a mark: in text of mostly ASCII one of each two bytes is NUL, and always the same one. */
function wideName(head: Buffer): "UTF-16LE" | "UTF-16BE" | "binary" | undefined {
  const nuls = [0, 0];
  for (const [index, byte] of head.entries()) if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (even + odd === 0) return undefined;
  const most = head.length * 0.3;
  if (odd > most && even === 0) return "UTF-16LE";
  return even > most && odd === 0 ? "UTF-16BE" : "binary";
}

/** Bytes around what is not UTF-8, at most 64 KiB; undefined when the whole file is UTF-8. */
async function sampleOfOthers(bytes: FileBytes, signal: AbortSignal): Promise<Buffer | undefined> {
  const whole = new TextDecoder("utf-8", { fatal: true });
  const kept: Buffer[] = [];
  let length = 0;
  let valid = true;
  for await (const chunk of bytes.read()) {
    signal.throwIfAborted();
    if (valid) {
      try {
        whole.decode(chunk, { stream: true });
      } catch {
        valid = false;
      }
    }
    if (chunk.some((byte) => byte > 0x7f) && length < sampleBytes) {
      const part = linesWithOthers(chunk);
      kept.push(part);
      length += part.length;
    }
    if (!valid && length >= sampleBytes) break;
  }
  try {
    if (valid) whole.decode();
  } catch {
    valid = false;
  }
  return valid ? undefined : Buffer.concat(kept).subarray(0, 2 * sampleBytes);
}

function linesWithOthers(chunk: Buffer): Buffer {
  const lines = chunk.toString("latin1").split("\n");
  return Buffer.from(lines.filter((line) => /[\u0080-\u00ff]/.test(line)).join("\n"), "latin1");
}

/** The file's text, without its byte order mark. Bytes that are none of an asked encoding become U+FFFD. */
export async function* decodeText(bytes: FileBytes, { name }: TextEncoding): AsyncGenerator<string> {
  const decoder = name === "UTF-8" ? utf8() : iconv.getDecoder(name);
  let first = true;
  const tidy = (text: string): string => {
    if (text === "" || !first) return text;
    first = false;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  };
  for await (const chunk of bytes.read()) {
    const text = tidy(decoder.write(chunk));
    if (text !== "") yield text;
  }
  const rest = tidy(decoder.end() ?? "");
  if (rest !== "") yield rest;
}

function utf8(): { write: (chunk: Buffer) => string; end: () => string } {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { write: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
}
