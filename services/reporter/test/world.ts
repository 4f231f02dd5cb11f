import { createHarness, type Harness } from "@flow-rag/testing";
import { startMailServer, type MailServer } from "./mail-server.js";
import { killReporters } from "./reporters.js";
import { startSlackServer, type SlackServer } from "./slack-server.js";

export type Outlets = { readonly slack: SlackServer; readonly mail: MailServer };
export type World = Outlets & Harness;

const startOutlets = async (): Promise<Outlets> => ({ slack: await startSlackServer(), mail: await startMailServer() });
async function closeOutlets({ slack, mail }: Outlets): Promise<void> {
  await slack.close();
  await mail.close();
}

/** A Slack and a mail server for each test of a file; ask for them within a test. */
export function freshOutlets(): () => Outlets {
  let now: Outlets;
  beforeEach(async () => (now = await startOutlets()));
  afterEach(() => closeOutlets(now));
  return () => now;
}

/** The same with a state of its own. No reporter outlives its test, and each test shows that what it opened closes. */
export function freshWorld(): () => World {
  let now: World;
  beforeEach(async () => (now = { ...(await createHarness()), ...(await startOutlets()) }));
  afterEach(async () => {
    killReporters();
    await closeOutlets(now);
    expect(await now.lifecycle.close()).toBe(true);
  });
  return () => now;
}
