import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

test.each([
  ["no number", { PORT: "eight" }, "PORT: must be a number"],
  ["a fraction", { PORT: "1.5" }, "PORT: must be a whole number"],
  ["too little", { PORT: "-1" }, "PORT: must be at least 0"],
  ["too much", { PORT: "70000" }, "PORT: must be at most 65535"],
  ["none of the words", { MODE: "fast" }, "MODE: must be one of on, off"],
  ["nothing where something must be", { NAME: "" }, "NAME: is missing"],
])("loadConfig, %s, says what to write", (_situation, env, expected) => {
  const numbers = z.object({
    PORT: z.coerce.number().int().min(0).max(65_535).default(1),
    MODE: z.enum(["on", "off"]).default("on"),
    NAME: z.string().min(1),
  });
  expect(() => loadConfig(numbers, { NAME: "n", ...env })).toThrow(`Invalid environment:\n  ${expected}`);
});

describe("loadConfig, a value in a file", () => {
  const piped = z.object({ TOKEN: z.string().min(8) }).transform(({ TOKEN }) => ({ token: TOKEN }));
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "config-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const secret = (content: string): string => {
    writeFileSync(join(folder, "token"), content);
    return join(folder, "token");
  };

  test("is taken without its line end", () => {
    expect(loadConfig(piped, { TOKEN_FILE: secret("hunter2hunter2\n") })).toEqual({ token: "hunter2hunter2" });
  });

  test("is refused beside the plain variable, without either value", () => {
    const load = () => loadConfig(piped, { TOKEN: "hunter2hunter2", TOKEN_FILE: secret("other2other2") });
    expect(load).toThrow(/TOKEN: set twice/);
    expect(load).not.toThrow(/hunter2|other2/);
  });

  test("that is missing names the variable and hides the path", () => {
    const load = () => loadConfig(piped, { TOKEN_FILE: join(folder, "absent") });
    expect(load).toThrow(/TOKEN_FILE: no such file/);
    expect(load).not.toThrow(/absent/);
  });

  test("that is wrong is hidden as well", () => {
    const load = () => loadConfig(piped, { TOKEN_FILE: secret("short") });
    expect(load).toThrow(/TOKEN/);
    expect(load).not.toThrow(/short/);
  });

  test("of a variable that the process does not read is left alone", () => {
    expect(loadConfig(schema, { SSL_CERT_FILE: "/nowhere", PORT: "1" }).PORT).toBe(1);
  });
});
