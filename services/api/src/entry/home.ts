import { z } from "zod";
import { placesFor } from "../pages/frame.js";
import { defineRoute, json, type Route } from "./route.js";

const homeSchema = z.strictObject({ name: z.literal("flow-rag"), version: z.string(), docs: z.string(), openapi: z.string() });

/** The bare address: a person is led to the first page that is of use to them, a client is told where the document is. */
export const homeRoutes = ({ version }: { version: string }): Route[] => [
  defineRoute({
    method: "get",
    path: "/",
    scope: "anybody",
    greets: true,
    tag: "pages",
    summary: "Where to begin",
    answers: {
      200: { description: "For clients", schema: homeSchema },
      303: { description: "For browsers: the first page that the key opens, or the form to sign in", contentType: "text/plain" },
    },
    limits: { class: "reads" },
    handle: async ({ page }) => {
      if (!page) return json({ name: "flow-rag", version, docs: "/docs", openapi: "/openapi.json" });
      const location = page.viewer === null ? "/login" : (placesFor(page.viewer)[0]?.href ?? "/docs");
      return { kind: "text", status: 303, contentType: "text/plain", body: "", headers: { location } };
    },
  }),
];
