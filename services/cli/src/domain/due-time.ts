const whenOff = "07:30";

/** The local time of day of a cron expression, `07:30`: the first where it has several. Of one that names no hour, the usual time. */
export function dueTime(expression: string): string {
  const [, minutes, hours] = /^\s*(\d[\d,-]*)\s+(\d[\d,-]*)\s/.exec(expression) ?? [];
  if (minutes === undefined || hours === undefined) return whenOff;
  const [minute, hour] = [minutes, hours].map((field) => Math.min(...field.split(/[,-]/).map(Number)));
  return `${pad(hour)}:${pad(minute)}`;
}

const pad = (value = 0): string => String(value).padStart(2, "0");
