import { z } from "zod";
import { loadConfig } from "./config.js";

const schema = z.object({ VERBOSE: z.stringbool().default(true), PORT: z.coerce.number().int().default(8080) });

test("loadConfig, an empty variable, takes the default", () => {
  expect(loadConfig(schema, { PORT: "" })).toEqual({ VERBOSE: true, PORT: 8080 });
});

test('loadConfig, the string "false", is false', () => {
  expect(loadConfig(schema, { VERBOSE: "false" }).VERBOSE).toBe(false);
});

test("loadConfig, a wrong value, names the variable and hides the value", () => {
  const load = () => loadConfig(schema, { PORT: "hunter2" });
  expect(load).toThrow(/PORT/);
  expect(load).not.toThrow(/hunter2/);
});
