import type { UploadStatus } from "../../../data/uploads/status";
import { formatBytes, formatSeconds } from "../../../format";

/** How much of a file has gone, from 0 to 1. */
export function shareOf(status: UploadStatus, total: number): number {
  switch (status.phase) {
    case "sending":
    case "paused":
    case "away":
      return total === 0 ? 0 : status.sent / total;
    case "checking":
    case "stored":
      return 1;
    case "queued":
    case "refused":
      return 0;
  }
}

/** Where an upload stands, in words. */
export function standing(status: UploadStatus, total: number): string {
  const share = `${Math.floor(shareOf(status, total) * 100)} %`;
  switch (status.phase) {
    case "queued":
      return "Waits for its turn";
    case "sending": {
      const { sent, pace } = status;
      const parts = [share, `${formatBytes(sent)} of ${formatBytes(total)}`];
      if (pace) {
        parts.push(`${formatBytes(pace.bytesPerSecond)}/s`, `${formatSeconds(pace.secondsLeft)} left`);
      }
      return parts.join(" · ");
    }
    case "checking":
      return "All of it has arrived. The platform is reading the table";
    case "paused":
      return `${share} · Paused`;
    case "away":
      return `${share} · ${status.why} It goes on by itself.`;
    case "refused":
      return "Refused";
    case "stored":
      return "Uploaded";
  }
}
