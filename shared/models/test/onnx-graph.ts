import { parse } from "protobufjs";

/** The part of onnx.proto that a graph of standard operators needs. Source: onnx/onnx, onnx/onnx.proto. */
const { root } = parse(`
  syntax = "proto2";
  message AttributeProto { optional string name = 1; optional int32 type = 20; optional float f = 2; optional int64 i = 3; repeated int64 ints = 8; }
  message NodeProto { repeated string input = 1; repeated string output = 2; optional string op_type = 4; repeated AttributeProto attribute = 5; }
  message TensorProto { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9; }
  message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
  message TensorShapeProto { repeated Dimension dim = 1; }
  message Tensor { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
  message TypeProto { optional Tensor tensor_type = 1; }
  message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
  message GraphProto {
    repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
    repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
  }
  message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
  message ModelProto { optional int64 ir_version = 1; optional GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; }
`);
const modelProto = root.lookupType("ModelProto");

const elementTypes = { float32: 1, uint8: 2, int8: 3, int64: 7 } as const;
type ElementType = keyof typeof elementTypes;
type Data = Float32Array | Uint8Array | Int8Array | BigInt64Array;
type Attributes = Readonly<Record<string, number | { float: number } | readonly number[]>>;

/** Writes an ONNX file node by node. Values are named by what makes them; each method returns the name of its value. */
export class OnnxGraph {
  readonly #nodes: object[] = [];
  readonly #constants: object[] = [];
  readonly #inputs: object[] = [];
  #names = 0;

  input(name: string, type: ElementType, shape: readonly (string | number)[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  constant(type: ElementType, shape: readonly number[], data: Data): string {
    const name = this.#name("constant");
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.push({ name, dims: shape, dataType: elementTypes[type], rawData });
    return name;
  }

  integers(shape: readonly number[], ...values: number[]): string {
    return this.constant("int64", shape, BigInt64Array.from(values, BigInt));
  }

  scalar(value: number): string {
    return this.constant("float32", [], Float32Array.of(value));
  }

  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodes(operator, inputs, 1, attributes)[0]!;
  }

  /** A node of several outputs. */
  nodes(operator: string, inputs: readonly string[], outputs: number, attributes: Attributes = {}): string[] {
    const output = Array.from({ length: outputs }, () => this.#name(operator));
    this.#nodes.push({ opType: operator, input: inputs, output, attribute: Object.entries(attributes).map(toAttribute) });
    return output;
  }

  /** The file's bytes, with one output. */
  encode(output: { name: string; value: string; shape: readonly (string | number)[] }): Uint8Array {
    this.#nodes.push({ opType: "Identity", input: [output.value], output: [output.name] });
    const graph = {
      name: "test",
      node: this.#nodes,
      initializer: this.#constants,
      input: this.#inputs,
      output: [valueInfo(output.name, "float32", output.shape)],
    };
    return modelProto.encode(modelProto.fromObject({ irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph })).finish();
  }

  #name(kind: string): string {
    return `${kind}_${(this.#names += 1)}`;
  }
}

function toAttribute([name, value]: [string, Attributes[string]]): object {
  if (typeof value === "number") return { name, type: 2, i: value };
  return "float" in value ? { name, type: 1, f: value.float } : { name, type: 7, ints: value };
}

function valueInfo(name: string, type: ElementType, shape: readonly (string | number)[]): object {
  const dim = shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
