import type { Request, Response } from "express";
import type { PageView } from "../pages/page-view.js";
import { isOwnPath } from "./own-path.js";
import { stateOf } from "./request-state.js";

/** What pages show beside their data. */
export type ViewSettings = {
  /** Business time zone. */
  readonly zone: string;
  readonly now: () => Date;
};

/** The reader of a request's page. */
export function viewOf(req: Request, res: Response, { zone, now }: ViewSettings): PageView {
  const { caller, language } = stateOf(res);
  const { name, scopes, sources, by } = caller;
  const viewer = by === "nobody" ? null : { name, scopes, sources, by };
  return { language, zone, now: now(), address: isOwnPath(req.originalUrl) ? req.originalUrl : "/", viewer };
}
