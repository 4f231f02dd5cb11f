import type { Socket } from "node:net";
import { createInterface } from "node:readline";

/** Calls back for each line of JSON; a line that is none ends the connection. */
export function onJsonLine(socket: Socket, handle: (message: unknown) => void): void {
  createInterface({ input: socket }).on("line", (line) => {
    try {
      handle(JSON.parse(line));
    } catch {
      socket.destroy();
    }
  });
}

export const sendJson = (socket: Socket, message: unknown): void => void socket.write(`${JSON.stringify(message)}\n`);
