/**
 * Epoch milliseconds at which a zone's clocks show a reading, tried minute by minute offset against the platform's own calendar:
 * nothing of the product. Of two instants the earlier; a skipped reading is where the clocks go on.
 */
export function instantOf(reading: string, zone: string): number {
  const [date = "", time = "00:00"] = reading.split("T");
  const utc = Date.parse(`${date}T${time}:00Z`);
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  for (let offset = 14 * 60; offset >= -12 * 60; offset -= 15) {
    const instant = utc - offset * 60_000;
    if (format.format(instant) === `${date} ${time}`) return instant;
  }
  throw new Error(`${zone} never shows ${reading}`);
}
