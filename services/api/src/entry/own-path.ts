import { z } from "zod";

const form = /^\/(?:[\w.~%?-][\w./?=&%~+,-]*)?$/;
const maxPath = 300;

/** A path of ours with its query, never another site: "//host" is one, and so is "/\host". */
export const ownPath = z.string().max(maxPath).regex(form, "a path of this service is wanted");

export const isOwnPath = (text: string): boolean => ownPath.safeParse(text).success;
