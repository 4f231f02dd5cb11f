const { TestEnvironment } = require("jest-environment-node");

/**
 * Jest gives each test file its own globals, so a test's Float32Array is not the one onnxruntime checks for:
 * "A float32 tensor's data must be type of Float32Array". This environment lends the host's typed arrays.
 */
const lent = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
];

module.exports = class NativeEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of lent) this.global[name] = globalThis[name];
  }
};
