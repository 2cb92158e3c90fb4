/** The states of a sync in words, with what an operator does next. */

export interface RunWords {
  readonly label: string;
  readonly color: 'gray' | 'green' | 'red' | 'yellow' | 'blue' | 'orange';
  /** What happened, and the next step; only of what needs one. */
  readonly advice?: string;
}

const running: RunWords = { label: 'Reading', color: 'blue' };
const processing: RunWords = { label: 'Processing', color: 'blue' };
const waiting: RunWords = { label: 'Waiting', color: 'blue' };
const internal: RunWords = {
  label: 'Failed',
  color: 'red',
  advice: 'Something went wrong on our side. Sync again; if it fails again, give the run to your support.',
};

const words: Readonly<Record<string, RunWords>> = {
  Initial: { label: 'Never synced', color: 'gray' },
  Queued: waiting,
  MapQueued: waiting,
  ProcessingQueued: waiting,
  ValidationQueued: waiting,
  Fetching: running,
  Mapping: processing,
  Processing: processing,
  Validating: processing,
  Complete: { label: 'Up to date', color: 'green' },
  NotSupported: {
    label: 'Not offered',
    color: 'gray',
    advice: 'The platform does not have this for this business. There is nothing to do.',
  },
  Cancelled: {
    label: 'Cancelled',
    color: 'gray',
    advice: 'What was read until then is kept. Sync again to go on.',
  },
  FetchError: {
    label: 'Failed',
    color: 'red',
    advice:
      'The platform could not be read. Sync again in a while; the run shows what the platform answered.',
  },
  RateLimitError: {
    label: 'Rate limited',
    color: 'orange',
    advice: 'The platform allows no more requests for now. Sync again later.',
  },
  AuthError: {
    label: 'Access refused',
    color: 'red',
    advice: 'The business has to authorise again: send it the Link URL, then sync.',
  },
  PermissionsError: {
    label: 'Not permitted',
    color: 'red',
    advice:
      'The person who linked may not read this. Somebody with more rights has to open the Link URL again.',
  },
  PrerequisiteNotMet: {
    label: 'Waits for others',
    color: 'orange',
    advice: 'This is made of other data types that could not be read. Sync those first.',
  },
  MapError: internal,
  ProcessingError: internal,
  ValidationError: internal,
  InternalError: internal,
};

const active: ReadonlySet<string> = new Set([
  'Queued',
  'Fetching',
  'MapQueued',
  'Mapping',
  'ProcessingQueued',
  'Processing',
  'ValidationQueued',
  'Validating',
]);

/** @param status of a pull operation, as the API names it */
export function wordsOf(status: string): RunWords {
  return words[status] ?? { label: status, color: 'gray' };
}

/** Whether the sync has neither ended nor never begun. */
export function isRunning(status: string): boolean {
  return active.has(status);
}

/** Whether it ended without having read what it should. */
export function hasFailed(status: string): boolean {
  const { color } = wordsOf(status);
  return color === 'red' || color === 'orange';
}

/** A schedule in words. @param hours between two syncs; 0 is off */
export function scheduleWords(hours: number): string {
  if (hours === 0) return 'Off';
  if (hours === 1) return 'Hourly';
  if (hours === 24) return 'Daily';
  if (hours === 168) return 'Weekly';
  if (hours === 720) return 'Monthly';
  return hours % 24 === 0 ? `Every ${hours / 24} days` : `Every ${hours} hours`;
}
