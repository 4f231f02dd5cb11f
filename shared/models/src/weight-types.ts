import { open, type FileHandle } from "node:fs/promises";

/** Field numbers of onnx.proto and the two int8 element types. Source: onnx/onnx, onnx/onnx.proto. */
const field = { graph: 7, node: 1, initializer: 5, input: 1, operator: 4, elementType: 2, name: 8 } as const;
const uint8 = 2;
const lengthDelimited = 2;
/** Names, shapes and operators are short: what is longer is weights, which are stepped over. */
const maxRead = 1 << 16;

/**
 * How many weights of integer matrix products are unsigned int8; 0 for a model without such products. onnxruntime has fast kernels for
 * signed weights only: unsigned ones are as slow as fp32 (measured). Steps through the file without reading the weights.
 */
export async function unsignedMatMulWeights(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const weights = new Set<string>();
    const unsigned = new Set<string>();
    for await (const graph of fieldsOf(file, 0, size, new Set([field.graph]))) {
      for await (const part of fieldsOf(file, graph.from, graph.to, new Set([field.node, field.initializer]))) {
        if (part.number === field.node) for (const name of await weightsOf(file, part)) weights.add(name);
        else await addUnsigned(file, part, unsigned);
      }
    }
    return [...weights].filter((name) => unsigned.has(name)).length;
  } finally {
    await file.close();
  }
}

/** A field of a message: its bytes' place in the file, or its value when it is a number. */
type Field = { number: number; from: number; to: number; value: number };

async function weightsOf(file: FileHandle, node: Field): Promise<string[]> {
  const inputs: string[] = [];
  let operator = "";
  for await (const part of fieldsOf(file, node.from, node.to, new Set([field.input, field.operator]))) {
    if (part.number === field.input) inputs.push(await text(file, part));
    else operator = await text(file, part);
  }
  return operator === "MatMulInteger" || operator === "DynamicQuantizeMatMul" ? inputs.slice(1, 2) : [];
}

async function addUnsigned(file: FileHandle, initializer: Field, found: Set<string>): Promise<void> {
  let name = "";
  let type = 0;
  for await (const part of fieldsOf(file, initializer.from, initializer.to, new Set([field.name, field.elementType]))) {
    if (part.number === field.name) name = await text(file, part);
    else type = part.value;
  }
  if (type === uint8) found.add(name);
}

/** The wanted fields of the message between two places of the file. Source: protobuf.dev, "Encoding". */
async function* fieldsOf(file: FileHandle, from: number, to: number, wanted: ReadonlySet<number>): AsyncGenerator<Field> {
  let place = from;
  let window = { at: 0, bytes: Buffer.alloc(0) };
  const byte = async (): Promise<number> => {
    if (place < window.at || place >= window.at + window.bytes.length) {
      const bytes = Buffer.alloc(Math.min(256, to - place));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, place);
      if (bytesRead === 0) throw new Error("the file ends in mid-field");
      window = { at: place, bytes: bytes.subarray(0, bytesRead) };
    }
    return window.bytes[place++ - window.at]!;
  };
  const varint = async (): Promise<number> => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = await byte();
      value += (next & 127) * scale;
      if (next < 128) return value;
    }
  };
  while (place < to) {
    const key = await varint();
    const number = Math.floor(key / 8);
    const found: Field = { number, from: place, to: place, value: 0 };
    if (key % 8 === 0) found.value = await varint();
    else {
      const length = key % 8 === lengthDelimited ? await varint() : key % 8 === 1 ? 8 : 4;
      found.from = place;
      found.to = place += length;
    }
    if (wanted.has(number)) yield found;
  }
}

async function text(file: FileHandle, { from, to }: Field): Promise<string> {
  const bytes = Buffer.alloc(Math.min(maxRead, to - from));
  await file.read(bytes, 0, bytes.length, from);
  return bytes.toString();
}
