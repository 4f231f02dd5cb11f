/** What every service takes at most to close. Source: the kernel's Lifecycle. */
const closing = 25;
/** The API before that: the defaults of SHUTDOWN_DELAY and SHUTDOWN_TIMEOUT. */
const leaving: Readonly<Record<string, number>> = { api: 10 + 30 };

/** Seconds that a service may take to end after SIGTERM; whoever kills it must have more patience. */
export const stopSeconds = (service: string): number => closing + (leaving[service] ?? 0);
