import { parse } from "yaml";
import { z } from "zod";
import type { Containers } from "./containers.js";
import { problem, problemsOf, type Problem } from "./problem.js";

const litellm = z.strictObject({
  model_list: z
    .array(
      z.strictObject({
        model_name: z.string(),
        litellm_params: z.strictObject({ model: z.string(), api_base: z.string(), api_key: z.string() }),
      }),
    )
    .min(1),
  litellm_settings: z.strictObject({ num_retries: z.literal(0), request_timeout: z.number(), telemetry: z.literal(false) }),
  general_settings: z.strictObject({ master_key: z.string() }),
});

/** LiteLLM's configuration: its keys, that what it reads from the environment is there, and that the guide names its model. */
export function checkLiteLlm(text: string, { containers, guide }: { containers: Containers; guide: string }): Problem[] {
  const read = litellm.safeParse(parse(text));
  if (!read.success) return problemsOf(read.error);
  const given = containers["litellm"]?.environment ?? {};
  const wanted = [...text.matchAll(/os\.environ\/(\w+)/g)].map(([, name = ""]) => name);
  const names = read.data.model_list.map(({ model_name }) => model_name);
  return [
    ...wanted.filter((name) => !(name in given)).map((name) => problem("litellm", `the container is not given ${name}`)),
    ...names
      .filter((name) => !guide.includes(`LITELLM_MODEL=${name}`))
      .map((name) => problem("model_list", `the guide does not name ${name}`)),
  ];
}
