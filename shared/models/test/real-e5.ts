import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** Where real weights of multilingual-e5-small lie beside the repository; they are not shipped with it. */
export const realModelDir: string = resolve(import.meta.dirname, "../../../../shared/models");
export const realModel = "intfloat/multilingual-e5-small";

const isThere = existsSync(resolve(realModelDir, "Xenova/multilingual-e5-small/onnx/model_quantized.onnx"));

/** `test` where the real weights are there; else one that is skipped and says why. */
export const withRealE5 = (name: string, work: () => Promise<void>, timeoutMs?: number): void =>
  isThere ? test(name, work, timeoutMs) : test.skip(`${name} (skipped: ../shared/models is absent)`, work);
