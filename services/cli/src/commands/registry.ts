import { InvalidArgumentError, Option, type Command } from "commander";
import type { CommandContext } from "../deps.js";

/** A command's deed. Resolves to false when it ran but its result is a failure, which is exit code 1. */
export type Deed = (context: CommandContext) => Promise<boolean | void>;
export type Perform = (deed: Deed, options: { demo: boolean; source?: string | undefined }) => Promise<void>;
/** Options that many commands have. */
export type Shared = { demo?: true; json?: true; source?: string };

/** What a group of commands is described with. A command loads its entry when it is used, so that `--help` needs none of them. */
export type Registry = {
  readonly program: Command;
  readonly perform: Perform;
  /** An action: the deed of a command's options and arguments, performed. */
  readonly on: <Options extends Shared, Args extends unknown[] = []>(
    deed: (options: Options, ...args: Args) => Deed,
  ) => (...all: unknown[]) => Promise<void>;
};

export const createRegistry = (program: Command, perform: Perform): Registry => ({
  program,
  perform,
  on:
    <Options extends Shared, Args extends unknown[]>(deed: (options: Options, ...args: Args) => Deed) =>
    (...all: unknown[]): Promise<void> => {
      const options = all.at(-2) as Options;
      const values = all.slice(0, -2) as Args;
      return perform(async (context) => await deed(options, ...values)(context), { demo: options.demo === true, source: options.source });
    },
});

export const demoFlag = (): Option => new Option("--demo", "use the demo's data instead of your own");

export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`a whole number from ${min} to ${max} is wanted.`);
    return value;
  };

export const list = (text: string, former: readonly string[] = []): string[] => [...former, ...text.split(",").map((name) => name.trim())];
