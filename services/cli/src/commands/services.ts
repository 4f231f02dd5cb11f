import { demoFlag, type Shared, type Registry } from "./registry.js";

/** All services together. */
export function describeServicesCommands({ program, on, perform }: Registry): void {
  program
    .command("up")
    .description("run all services here until Ctrl-C")
    .addOption(demoFlag())
    .action(on<Shared>(() => async (context) => (await import("../entry/up.js")).up(context)));

  program
    .command("demo")
    .description("load a sample, ingest it, ask three questions, keep the API up")
    .option("--data <file>", "a file of records instead of the sample")
    .option("--exit", "stop when done")
    .action(async (options: { data?: string; exit?: true }) =>
      perform(async (context) => (await import("../entry/demo.js")).demo(context, { data: options.data, exit: options.exit === true }), {
        demo: true,
      }),
    );
}
