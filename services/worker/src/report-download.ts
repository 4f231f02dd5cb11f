import type { Logger } from "@flow-rag/kernel";
import type { DownloadProgress } from "@flow-rag/models";

/** Logs a model's download in steps of a tenth of each file: enough to see that it moves, little enough to read. */
export function reportDownload(log: Logger): (progress: DownloadProgress) => void {
  const shown = new Map<string, number>();
  return ({ file, loaded, total }) => {
    const tenth = total ? Math.floor((loaded / total) * 10) : 0;
    if (shown.get(file) === tenth) return;
    shown.set(file, tenth);
    log.info({ file, percent: tenth * 10, megabytes: Math.round(loaded / 1e5) / 10 }, "downloading the model");
  };
}
