/** Makes the model that benchmarks measure, in the folder that is its argument. */
import { makeE5Shape } from "./e5-shape.js";

await makeE5Shape(process.argv[2] ?? "");
