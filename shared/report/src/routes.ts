import type { ReportRoute } from "@flow-rag/contracts";
import { matchesPattern } from "@flow-rag/insights";
import type { Owner } from "./report.js";
import type { Settings } from "./settings.js";

/** A route and which pipelines it takes; `isDefault` ones take what no other does. */
export type Route = ReportRoute & { readonly isDefault: boolean; readonly takes: (pipeline: string, owner: string | null) => boolean };

/**
 * The routes of the settings. Without a default one among them, a route `default` that names no channel is added where such a route is sent
 * somewhere (`hasDefaultChannels`); else every route takes what none does. A pipeline never disappears.
 */
export function readRoutes({ teams, routes }: Settings, { hasDefaultChannels }: { hasDefaultChannels: boolean }): Route[] {
  const own = routes.map((route): Route => {
    const { name, slack, email } = route;
    const parts = [route, ...teams.filter((team) => route.teams.includes(team.name))];
    const isDefault = parts.every(({ pipelines, owners }) => pipelines.length + owners.length === 0);
    return { name, slack, email, isDefault, takes: (pipeline, owner) => parts.some((part) => owns(part, pipeline, owner)) };
  });
  if (own.some(({ isDefault }) => isDefault)) return own;
  if (own.length > 0 && !hasDefaultChannels) return own.map((route) => ({ ...route, isDefault: true }));
  const name = own.some((route) => route.name === "default") ? "default-channels" : "default";
  return [...own, { name, slack: [], email: [], isDefault: true, takes: () => false }];
}

/** Pipelines by the name of the route that takes them: every pipeline is in at least one list. Owners are those that the records name. */
export function assignPipelines(
  routes: readonly Route[],
  pipelines: Iterable<string>,
  ownerOf: (pipeline: string) => string | null,
): Map<string, Set<string>> {
  const taken = new Map(routes.map(({ name }) => [name, new Set<string>()]));
  for (const pipeline of pipelines) {
    const takers = routes.filter(({ takes }) => takes(pipeline, ownerOf(pipeline)));
    const receivers = takers.length > 0 ? takers : routes.filter(({ isDefault }) => isDefault);
    for (const { name } of receivers) taken.get(name)?.add(pipeline);
  }
  return taken;
}

/** The team of the settings that a pipeline belongs to, else the owner that its records name. */
export function ownersOf({ teams }: Settings, pipeline: string, owner: string | null): Owner[] {
  const team = teams.find((one) => owns(one, pipeline, owner));
  if (team) return [{ name: team.name, mention: team.mention ?? null }];
  return owner === null ? [] : [{ name: owner, mention: null }];
}

type Patterns = { readonly pipelines: readonly string[]; readonly owners: readonly string[] };
const owns = ({ pipelines, owners }: Patterns, pipeline: string, owner: string | null): boolean =>
  pipelines.some((glob) => matchesPattern(pipeline, glob)) || (owner !== null && owners.some((glob) => matchesPattern(owner, glob)));
