import type { DestinationStream } from 'pino';

/** Whoever reads the log may stop reading it; that is no reason to stop serving. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/**
 * Standard output as a place for log lines.
 *
 * pino's own (sonic-boom 4) repeats a write for ever when, at the end of the process, nobody reads the pipe any more:
 * the process would never end. Node's stream reports the broken pipe and goes on.
 */
export function standardOutput(): DestinationStream {
  if (!process.stdout.listeners('error').includes(ignoreBrokenPipe)) {
    process.stdout.on('error', ignoreBrokenPipe);
  }
  return { write: (line) => void process.stdout.write(line) };
}
