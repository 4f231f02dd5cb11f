import { ServerError } from "./server-error.js";

/** https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
const maxNamespaceBytes = 255;
const maxDatabaseBytes = 63;

export function splitNamespace(namespace: string): [database: string, collection: string] {
  const dot = namespace.indexOf(".");
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}

/** @throws ServerError InvalidNamespace (73) for names that no collection may have. */
export function checkNamespace(namespace: string): void {
  const [database, name] = splitNamespace(namespace);
  const isWrong =
    name === "" ||
    name.startsWith(".") ||
    name.endsWith(".") ||
    name.startsWith("system.") ||
    /[$\0]/.test(name) ||
    database === "" ||
    /[/\\. "$*<>:|?\0]/.test(database) ||
    Buffer.byteLength(database) > maxDatabaseBytes ||
    Buffer.byteLength(namespace) > maxNamespaceBytes;
  if (isWrong) throw new ServerError(73, `Invalid namespace specified '${namespace}'`);
}
