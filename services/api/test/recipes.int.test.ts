import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

const recipesOf = (file: string): string[] => {
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = ""]) => block).filter((block) => /^curl /m.test(block));
};
const recipes = ["docs/API.md", "README.md"].flatMap((file) => recipesOf(file).map((recipe) => [file, recipe] as const));

let api: LiveApi;
beforeAll(async () => {
  api = await startLiveApi({ PUSH_SOURCE: "others" });
  await api.store(someRuns());
});
afterAll(async () => expect(await api.world.lifecycle.close()).toBe(true));

/** The recipe as a person would run it; curl fails where it would print an error, and sends the key where a recipe relies on an open service. */
const runRecipe = async (recipe: string): Promise<string> => {
  const curl = 'curl() { command curl --fail-with-body --max-time 20 -H "authorization: Bearer $KEY" "$@"; }';
  const lines = recipe.replaceAll("localhost:8000", new URL(api.base).host).replaceAll(/^npx .*$/gm, "");
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", `${curl}\n${lines}`], {
    env: { PATH: process.env["PATH"], API: api.base, KEY: api.admin },
  });
  return stdout;
};

test("the recipes of docs/API.md and README.md, are there", () => {
  expect(recipes.map(([file]) => file)).toEqual(expect.arrayContaining(["docs/API.md", "README.md"]));
  expect(recipes.length).toBeGreaterThan(8);
});

test.each(recipes)("a recipe of %s, run as it stands, answers: %s", async (_file, recipe) => {
  expect(await runRecipe(recipe)).not.toBe("");
});

test("a recipe that cannot work, is noticed", async () => {
  await expect(runRecipe('curl -s "$API/nowhere"\n')).rejects.toThrow();
});
