import { murmur3 } from "./murmur3.js";

// Made with the reference implementation; also in Wikipedia's "MurmurHash", section "Test vectors".
test.each([
  ["", 0, 0],
  ["", 1, 0x514e28b7],
  ["test", 0, 0xba6bd213],
  ["test", 0x9747b28c, 0x704b81dc],
  ["Hello, world!", 0, 0xc0363e43],
  ["The quick brown fox jumps over the lazy dog", 0, 0x2e4ff723],
])("murmur3, %j with seed %d, is the reference's value", (text, seed, expected) => {
  expect(murmur3(text, seed)).toBe(expected);
});
