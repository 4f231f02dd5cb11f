import { digest } from "@flow-rag/contracts";
import { DateTime, parseInstant, startOfLocalDay } from "@flow-rag/kernel";
import { listPipelines, tools, type Pipeline, type Tech } from "./generate-sample-catalogue.js";
import { between, fillTemplate, hex, normal, pick, randomFor, type Random } from "./generate-sample-random.js";

/** A record with the default names of the source's fields. `_id` is 24 hex digits, to be written as an ObjectId. */
export type SampleRecord = {
  readonly _id: string;
  readonly pipeline_name: string;
  readonly tech: string;
  readonly status: string;
  readonly error_message?: string;
  /** A Date; text that cannot be read in a record that is flawed on purpose. */
  readonly timestamp: Date | string;
  readonly started_at?: Date;
  readonly ended_at?: Date;
  readonly duration_ms?: number;
  readonly run_id: string;
  readonly environment: string;
  readonly owner: string;
  readonly updated_at?: Date;
  readonly records_processed?: number;
};

/** Something that was planted, so that a demo or an evaluation knows what ought to be found. */
export type Incident = {
  readonly kind: "failure_burst" | "tech_outage" | "duration_drift" | "silent_pipeline" | "new_error" | "regressed_error";
  readonly pipelines: readonly string[];
  readonly tech: Tech;
  /** Half-open: [from, to). */
  readonly from: Date;
  readonly to: Date;
  readonly detail: string;
  /** The runs it touched between `from` and `to`; empty for a silent pipeline. */
  readonly recordIds: readonly string[];
};

export type SampleOptions = {
  /** Whole local days before the day that holds `end`; that day itself comes up to `end`. At least 1. */
  readonly days: number;
  readonly pipelines: number;
  readonly seed: number;
  readonly end: Date;
  /** Zone of the schedules. */
  readonly zone: string;
  /** How many records nobody can understand to add. */
  readonly flawed?: number;
};

type Effect = { readonly error?: string; readonly slower?: number; readonly silent?: true };
type Plant = Omit<Incident, "pipelines" | "recordIds"> & { readonly only?: string; readonly effect: Effect };

/** Local starts of one pipeline on one local day, which is 23 or 25 hours long twice a year. */
function* slotsOf({ schedule, phase }: Habits, day: DateTime, zone: string): Generator<Date> {
  if ("at" in schedule) {
    // "Weekly" is on Sunday.
    if (schedule.on === "weekdays" ? day.weekday > 5 : schedule.on === "weekly" && day.weekday !== 7) return;
    const slot = parseInstant(`${day.toFormat("yyyy-MM-dd")}T${schedule.at}`, zone);
    if (slot) yield slot;
    return;
  }
  const stop = startOfLocalDay(day.plus({ days: 1 }).toJSDate(), zone).getTime();
  for (let at = startOfLocalDay(day.toJSDate(), zone).getTime() + phase * 60_000; at < stop; at += schedule.every * 60_000)
    yield new Date(at);
}

/** What is planted, relative to the day that holds `end`; what does not fit into the window is left out. */
function plantsFor({ days, end, zone }: SampleOptions): Plant[] {
  const today = DateTime.fromJSDate(startOfLocalDay(end, zone), { zone });
  const at = (day: number, time: string): Date => parseInstant(`${today.plus({ days: day }).toFormat("yyyy-MM-dd")}T${time}`, zone) ?? end;
  const late = "java.sql.SQLException: ORA-12541: TNS:no listener ({host}:1521)";
  const plants: (Plant & { readonly needsDays: number })[] = [
    {
      needsDays: 1,
      kind: "failure_burst",
      only: "stock-agg",
      tech: "Spark",
      from: at(-1, "02:00"),
      to: at(-1, "07:00"),
      detail: "five failures in a row, container killed with exit code 137",
      effect: { error: tools.Spark.errors[0] },
    },
    {
      needsDays: 1,
      kind: "new_error",
      only: "mart_finance",
      tech: "dbt",
      from: at(-1, "04:00"),
      to: at(-1, "06:00"),
      detail: 'an error never seen before: relation "stg_fx" does not exist',
      effect: { error: 'Database Error in model mart_finance (models/mart_finance.sql)\n  relation "stg_fx" does not exist' },
    },
    {
      needsDays: 1,
      kind: "regressed_error",
      only: "crm_export",
      tech: "Talend",
      from: at(-1, "09:00"),
      to: at(-1, "12:00"),
      detail:
        days >= 21
          ? "ORA-12541, last seen at the beginning of the sample, is back"
          : "ORA-12541 for three hours; the sample is too short for an earlier occurrence",
      effect: { error: late },
    },
    {
      needsDays: 4,
      kind: "tech_outage",
      tech: "Kafka Connect",
      from: at(-3, "14:00"),
      to: at(-3, "15:00"),
      detail: "every Kafka Connect run of one hour fails on the broker",
      effect: { error: "org.apache.kafka.common.errors.DisconnectException: broker {host}:9092 disconnected before the response was read" },
    },
    {
      needsDays: 7,
      kind: "duration_drift",
      only: "fx-rates",
      tech: "Python",
      from: at(-2, "00:00"),
      to: end,
      detail: "runs take three times as long",
      effect: { slower: 3 },
    },
    {
      needsDays: 7,
      kind: "silent_pipeline",
      only: "hr-sync",
      tech: "SQL",
      from: at(-2, "00:00"),
      to: end,
      detail: "usually every six hours, no run at all",
      effect: { silent: true },
    },
  ];
  return plants.filter(({ needsDays }) => days >= needsDays).map(({ needsDays: _needsDays, ...plant }) => plant);
}

/** The first occurrences of the error that comes back: not an incident of its own, but what makes the later one a regression. */
function earlierOccurrence(plants: readonly Plant[], { days, end, zone }: SampleOptions): Plant | undefined {
  const regressed = plants.find(({ kind }) => kind === "regressed_error");
  if (!regressed || days < 21) return undefined;
  const first = DateTime.fromJSDate(startOfLocalDay(end, zone), { zone }).minus({ days: days - 1 });
  return { ...regressed, from: first.plus({ hours: 9 }).toJSDate(), to: first.plus({ hours: 12 }).toJSDate() };
}

/** Median duration in ms by how often a pipeline runs: what runs every quarter of an hour takes seconds. */
function medianMs({ schedule }: Pipeline, random: Random): number {
  if ("at" in schedule) return between(random, 300_000, schedule.on === "weekly" ? 7_200_000 : 2_700_000);
  return schedule.every === 15 ? between(random, 15_000, 90_000) : between(random, 60_000, 600_000);
}

/** Sunday and Saturday are quiet, Monday catches up. Index: Monday to Sunday. */
const weekdayLoad = [1.2, 1, 1, 1, 1.1, 0.7, 0.6];

/** What stays the same from run to run of one pipeline. */
type Habits = Pipeline & {
  /** Minutes by which its rhythm is off the full hour. */
  readonly phase: number;
  readonly medianMs: number;
  readonly spread: number;
  readonly failureRate: number;
  readonly environment: string;
  readonly success: string;
  readonly failed: string;
  readonly volume: number;
  /** A pipeline fails in two or three ways of its own, not in all that its tool knows. */
  readonly errors: readonly string[];
};

function habitsOf(pipeline: Pipeline, seed: number): Habits {
  const random = randomFor(String(seed), pipeline.name);
  const tool = tools[pipeline.tech];
  return {
    ...pipeline,
    phase: "every" in pipeline.schedule ? between(random, 0, pipeline.schedule.every - 1) : 0,
    medianMs: medianMs(pipeline, random),
    spread: 0.1 + random() * 0.2,
    failureRate: 0.005 + random() * 0.015,
    environment: pick(random, ["prod", "prod", "prod", "prod", "prod", "preprod"]),
    success: pick(random, tool.success),
    failed: pick(random, tool.failed),
    volume: between(random, 500, 400_000),
    errors: [pick(random, tool.errors), pick(random, tool.errors), pick(random, tool.errors)],
  };
}

/** A run that began this long before the end has not reported back yet. */
const reportsAfterMs = 15 * 60_000;

function createRun(
  habits: Habits,
  slot: Date,
  load: number,
  effect: Effect | undefined,
  { seed, end }: SampleOptions,
): SampleRecord | undefined {
  const slotKey = String(slot.getTime());
  const random = randomFor(String(seed), habits.name, slotKey);
  const start = new Date(slot.getTime() + Math.round(-Math.log(1 - random()) * 8_000));
  const fate = random();
  if (start >= end || effect?.silent) return undefined;
  const fails = effect?.error !== undefined || fate < habits.failureRate;
  const share = fails ? 0.2 + random() * 0.9 : 1;
  const usualMs = habits.medianMs * Math.sqrt(load) * Math.exp(habits.spread * normal(random));
  const durationMs = Math.max(500, Math.round(usualMs * share * (effect?.slower ?? 1)));
  const base = {
    _id: digest("sample-id", String(seed), habits.name, slotKey).slice(0, 24),
    pipeline_name: habits.name,
    tech: habits.tech,
    timestamp: start,
    started_at: start,
    run_id: `run-${hex(random, 10)}`,
    environment: habits.environment,
    owner: habits.owner,
  };
  const endedAt = new Date(start.getTime() + durationMs);
  if (endedAt > end || start.getTime() > end.getTime() - reportsAfterMs)
    return { ...base, status: tools[habits.tech].running, updated_at: start };
  const ended = { ...base, ended_at: endedAt, duration_ms: durationMs, updated_at: endedAt };
  if (fails) {
    const error_message = fillTemplate(effect?.error ?? pick(random, habits.errors), random, habits, start);
    return { ...ended, status: habits.failed, error_message, records_processed: 0 };
  }
  // Cancelled, skipped or with warnings: six runs in a thousand.
  const status = fate > 0.994 ? pick(random, tools[habits.tech].other) : habits.success;
  return { ...ended, status, records_processed: Math.round(habits.volume * load * Math.exp(0.2 * normal(random))) };
}

/** Without any instant, or with a timestamp in words. */
function createFlawed(index: number, { seed, end }: SampleOptions): SampleRecord {
  const random = randomFor(String(seed), "flawed", String(index));
  const base = {
    _id: hex(random, 24),
    tech: "Talend",
    status: "KO",
    run_id: `run-${hex(random, 10)}`,
    environment: "prod",
    owner: "équipe CRM",
  };
  const at = new Date(end.getTime() - between(random, 1, 12) * 3_600_000);
  return index % 2 === 0
    ? { ...base, pipeline_name: "crm_export", timestamp: "", error_message: "Échec du job (date manquante)" }
    : { ...base, pipeline_name: "crm_export", timestamp: "hier soir", updated_at: at };
}

/**
 * Realistic flow records, ordered by the time of their run, and the incidents planted among them. The same options give the same bytes;
 * a run depends on the seed, its pipeline and its slot alone, so more pipelines or more days leave it as it is.
 * Yesterday (the local day before the one that holds `end`) has failures in three technos when there are at least three pipelines.
 */
export function generateSample(options: SampleOptions): { records: SampleRecord[]; incidents: Incident[] } {
  const { days, end, zone, seed, flawed = 0 } = options;
  const plants = plantsFor(options);
  const earlier = earlierOccurrence(plants, options);
  const touched = new Map<Plant, { pipelines: Set<string>; recordIds: string[] }>();
  const records: SampleRecord[] = [];
  const firstDay = DateTime.fromJSDate(startOfLocalDay(end, zone), { zone }).minus({ days });
  const calendar = Array.from({ length: days + 1 }, (_, index) => firstDay.plus({ days: index }));
  for (const pipeline of listPipelines(options.pipelines)) {
    const habits = habitsOf(pipeline, seed);
    for (const day of calendar) {
      const load = weekdayLoad[day.weekday - 1] ?? 1;
      for (const slot of slotsOf(habits, day, zone)) {
        const matches = ({ only, tech, from, to }: Plant): boolean =>
          (only ?? pipeline.name) === pipeline.name && tech === pipeline.tech && slot >= from && slot < to;
        const plant = plants.find(matches);
        const record = createRun(habits, slot, load, (plant ?? (earlier && matches(earlier) ? earlier : undefined))?.effect, options);
        if (plant) {
          const entry = touched.get(plant) ?? { pipelines: new Set(), recordIds: [] };
          entry.pipelines.add(pipeline.name);
          if (record) entry.recordIds.push(record._id);
          touched.set(plant, entry);
        }
        if (record) records.push(record);
      }
    }
  }
  for (let index = 0; index < flawed; index += 1) records.push(createFlawed(index, options));
  const timeOf = (record: SampleRecord): number => (typeof record.timestamp === "string" ? end : record.timestamp).getTime();
  records.sort((a, b) => timeOf(a) - timeOf(b) || (a._id < b._id ? -1 : 1));
  const incidents = [...touched].map(([{ effect: _effect, only: _only, ...plant }, entry]) => ({
    ...plant,
    pipelines: [...entry.pipelines],
    recordIds: entry.recordIds,
  }));
  return { records, incidents };
}
