import type { z } from "zod";

/** Something wrong in a deployment file. `where` is a path inside it, such as `services.api.ports`. */
export type Problem = { readonly where: string; readonly message: string };

export const problem = (where: string, message: string): Problem => ({ where, message });
/** A schema's complaints, each where it is. */
export const problemsOf = (error: z.ZodError): Problem[] => error.issues.map(({ path, message }) => problem(path.join("."), message));
