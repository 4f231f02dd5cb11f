import type { RunStatus } from "@flow-rag/contracts";
import { AppError, DateTime, parseInstant } from "@flow-rag/kernel";

/** The fields of the re-ingest form as a browser sends them; what was left empty asks for nothing. */
export type ReingestFields = {
  readonly source: string;
  readonly what: "selected" | "changes" | "everything";
  /** A day, and a time of it or nothing. */
  readonly from: string;
  readonly from_time: string;
  /** A day, which is meant as a whole without a time. */
  readonly to: string;
  readonly to_time: string;
  readonly statuses: readonly RunStatus[];
  /** One a line. */
  readonly pipelines: string;
  readonly techs: string;
  readonly ids: string;
  readonly force: boolean;
  readonly allow_removals: boolean;
};

export const emptyFields: Omit<ReingestFields, "source"> = {
  ...{ what: "selected", from: "", from_time: "", to: "", to_time: "" },
  ...{ statuses: [], pipelines: "", techs: "", ids: "", force: false, allow_removals: false },
};

/** What is wrong with a form, as a person reads it. */
const faults = {
  empty: [
    "la sélection ne limite rien : donnez un jour, un statut, un pipeline… ou choisissez la source entière",
    "the selection limits nothing: give a day, a status, a pipeline, … or choose the whole source",
  ],
  order: ["« Jusqu’au » doit être après « Depuis le »", "to: it must be after from"],
  dayless: ["une heure demande son jour", "a time needs its day"],
  moment: [
    "un jour du calendrier est attendu, par exemple 2026-05-01, et une heure comme 06:30",
    "a day of the calendar such as 2026-05-01 is wanted, and a time such as 06:30",
  ],
} as const satisfies Record<string, readonly [fr: string, en: string]>;
const fieldNames = { from: "Depuis le", to: "Jusqu’au" } as const;

/** A form that says too little or what cannot be; `french` is for the page. */
export class ReingestRefusal extends AppError {
  constructor(
    message: string,
    readonly french: string,
  ) {
    super("invalid_input", message);
  }
}

function refusal(fault: keyof typeof faults, field?: "from" | "to"): ReingestRefusal {
  const [french, english] = faults[fault];
  return field === undefined
    ? new ReingestRefusal(english, french)
    : new ReingestRefusal(`${field}: ${english}`, `${fieldNames[field]} : ${french}`);
}

/** What an ingestion can be asked for, but for counting. */
export type Reingest = {
  readonly source: string;
  readonly mode: "live" | "backfill";
  readonly from?: string;
  readonly to?: string;
  readonly statuses?: readonly RunStatus[];
  readonly pipelines?: readonly string[];
  readonly techs?: readonly string[];
  readonly ids?: readonly string[];
  readonly force: boolean;
  readonly allow_removals: boolean;
};

/**
 * The form as a request; days and times are read in `zone`.
 * @throws AppError `invalid_input` naming the field and what to do: a day that is none, a time without its day, an end before the beginning, a
 * selection that limits nothing.
 */
export function readReingest(fields: ReingestFields, zone: string): Reingest {
  const { source, what, force, statuses } = fields;
  if (what === "changes") return { source, mode: "live", force, allow_removals: false };
  if (what === "everything") return { source, mode: "backfill", force, allow_removals: fields.allow_removals };
  const from = readMoment("from", fields.from, fields.from_time, zone);
  const to = readMoment("to", fields.to, fields.to_time, zone);
  if (from && to && from >= to) throw refusal("order");
  const lists = { pipelines: linesOf(fields.pipelines), techs: linesOf(fields.techs), ids: linesOf(fields.ids), statuses };
  const given = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
  if (!from && !to && Object.keys(given).length === 0) throw refusal("empty");
  return {
    ...{ source, mode: "backfill", force, allow_removals: false },
    ...(from && { from: from.toISOString() }),
    ...(to && { to: to.toISOString() }),
    ...given,
  };
}

function readMoment(name: "from" | "to", day: string, time: string, zone: string): Date | undefined {
  if (day === "") {
    if (time !== "") throw refusal("dayless", name);
    return undefined;
  }
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(day) ? parseInstant(time === "" ? day : `${day} ${time}`, zone) : undefined;
  if (!instant) throw refusal("moment", name);
  if (name === "from" || time !== "") return instant;
  return DateTime.fromJSDate(instant, { zone }).plus({ days: 1 }).startOf("day").toJSDate();
}

/** Names, one a line. A comma may stand in a name, so it separates nothing. */
const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  ),
];
