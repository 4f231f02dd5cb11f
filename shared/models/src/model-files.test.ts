import { locateModel } from "./model-files.js";

test.each([
  ["intfloat/multilingual-e5-small", "Xenova/multilingual-e5-small", "models/Xenova/multilingual-e5-small"],
  ["intfloat/multilingual-e5-base", "Xenova/multilingual-e5-base", "models/Xenova/multilingual-e5-base"],
  ["acme/e5-logs", "acme/e5-logs", "models/acme/e5-logs"],
  ["./my/e5", undefined, "./my/e5"],
  ["/srv/e5", undefined, "/srv/e5"],
])("locateModel, %s, is %s on the hub and %s on disk", (model, hubId, folder) => {
  expect(locateModel({ model, modelDir: "./models", dtype: "q8" })).toMatchObject({ hubId, folder });
});

test.each([
  ["intfloat/multilingual-e5-small", "q8", ["onnx/model_quantized.onnx"]],
  ["intfloat/multilingual-e5-small", "fp32", ["onnx/model.onnx"]],
  ["intfloat/multilingual-e5-large", "q8", ["onnx/model_quantized.onnx"]],
  ["intfloat/multilingual-e5-large", "fp32", ["onnx/model.onnx", "onnx/model.onnx_data"]],
] as const)("locateModel, %s in %s, needs %j", (model, dtype, weights) => {
  expect(locateModel({ model, modelDir: "./models", dtype }).names.slice(3)).toEqual(weights);
});
