/** Something wrong in a deployment file. `where` is a path inside it, such as `services.api.ports`. */
export type Problem = { readonly where: string; readonly message: string };

export const problem = (where: string, message: string): Problem => ({ where, message });
