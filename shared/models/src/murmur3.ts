const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

const scramble = (block: number): number => Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);

/**
 * MurmurHash3_x86_32 of a text's UTF-8 bytes, as an unsigned 32-bit integer.
 * Source: Austin Appleby's public-domain reference, aappleby/smhasher, MurmurHash3.cpp.
 */
export function murmur3(text: string, seed = 0): number {
  const bytes = Buffer.from(text, "utf8");
  const tail = bytes.length & 3;
  const blocksEnd = bytes.length - tail;
  let hash = seed | 0;
  for (let i = 0; i < blocksEnd; i += 4) hash = (Math.imul(rotate(hash ^ scramble(bytes.readInt32LE(i)), 13), 5) + 0xe6546b64) | 0;
  if (tail > 0) hash ^= scramble(bytes.readUIntLE(blocksEnd, tail));
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
