import type { Request, Response } from "express";
import type { PageView } from "../pages/page-view.js";
import { isOwnPath } from "./own-path.js";
import { nobody, stateOf } from "./request-state.js";

/** What pages show beside their data. */
export type ViewSettings = {
  /** Business time zone. */
  readonly zone: string;
  readonly now: () => Date;
};

/** The reader of a request's page. */
export function viewOf(req: Request, res: Response, { zone, now }: ViewSettings): PageView {
  const { caller, language } = stateOf(res);
  const viewer =
    caller === nobody ? null : { name: caller.name, scopes: caller.scopes, sources: caller.sources, signedIn: caller.by === "session" };
  return { language, zone, now: now(), address: isOwnPath(req.originalUrl) ? req.originalUrl : "/", viewer };
}
