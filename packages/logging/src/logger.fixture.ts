// A process for a test: logs, waits for its input to close, logs more than a pipe takes, and ends.
import { createLogger } from './logger.ts';

const logger = createLogger({ level: 'info', name: 'fixture' });
logger.info('started');
process.stdin.resume().once('end', () => {
  for (let line = 0; line < 50; line += 1)
    logger.info({ line, filler: 'x'.repeat(4096) }, 'nobody reads this');
  process.exit(0);
});
