/**
 * What a run has been told and not committed yet, kept in this process while the run is put off.
 *
 * A page can need many calls (accounts with a balance each, the names that mapping looks up), and a tight request budget allows a few
 * of them at a time. Would each attempt begin anew, then runs that share a budget would use it up with the same calls for ever. So an
 * attempt is given again what earlier attempts have read: each makes one new call at least, and comes to its page in the end.
 * Another process knows nothing of it and asks again, which costs requests and nothing else.
 */
import type { PlatformRequest, PlatformResponse, PlatformSession } from '@tributary/connector-kit';

/** Answers of one run. */
export interface RunMemory {
  /** A session for one attempt: what earlier attempts have read is answered from memory, once per attempt. */
  remembering(session: PlatformSession): PlatformSession;
  /** What was read up to now serves every page of the run: a commit does not make it superfluous. */
  keep(): void;
  /** A page was committed: nobody will ask for its answers again. */
  committed(): void;
}

/** The memories of the runs that this process has put off. */
export interface RunMemories {
  of(runId: string): RunMemory;
  forget(runId: string): void;
  /** Runs that something is remembered of. */
  runIds(): readonly string[];
}

interface Remembered {
  readonly response: PlatformResponse;
  readonly attempt: object;
  isKept: boolean;
}

interface Answers {
  readonly byRequest: Map<string, Remembered>;
  bytes: number;
}

/** @param limitBytes of all answers together; beyond it runs lose their memory, the one that was least recently worked on first */
export function createRunMemories(limitBytes = 64 * 1024 * 1024): RunMemories {
  const runs = new Map<string, Answers>();
  let total = 0;

  const forget = (runId: string): void => {
    total -= runs.get(runId)?.bytes ?? 0;
    runs.delete(runId);
  };

  const grow = (answers: Answers, bytes: number): void => {
    answers.bytes += bytes;
    total += bytes;
  };

  /** The run's answers, which become those that are forgotten last. */
  const answersOf = (runId: string): Answers => {
    const answers = runs.get(runId) ?? { byRequest: new Map(), bytes: 0 };
    runs.delete(runId);
    runs.set(runId, answers);
    return answers;
  };

  const remember = (runId: string, key: string, entry: Remembered): void => {
    const answers = answersOf(runId);
    const before = answers.byRequest.get(key)?.response;
    answers.byRequest.set(key, entry);
    grow(answers, sizeOf(entry.response) - (before === undefined ? 0 : sizeOf(before)));
    for (const oldest of runs.keys()) {
      if (total <= limitBytes) return;
      forget(oldest);
    }
  };

  return {
    of: (runId) => ({
      remembering(session) {
        const attempt = {};
        return {
          ...session,
          async request(request) {
            if (request.method !== 'GET' && request.isRead !== true) return session.request(request);
            const key = keyOf(request);
            const known = answersOf(runId).byRequest.get(key);
            // What this attempt has read itself, it wants to see anew when it asks once more.
            const response =
              known === undefined || known.attempt === attempt
                ? await session.request(request)
                : known.response;
            remember(runId, key, { response, attempt, isKept: known?.isKept ?? false });
            return response;
          },
        };
      },
      keep() {
        for (const entry of runs.get(runId)?.byRequest.values() ?? []) entry.isKept = true;
      },
      committed() {
        const answers = runs.get(runId);
        for (const [key, { isKept, response }] of answers?.byRequest ?? []) {
          if (isKept) continue;
          answers?.byRequest.delete(key);
          if (answers !== undefined) grow(answers, -sizeOf(response));
        }
      },
    }),
    forget,
    runIds: () => [...runs.keys()],
  };
}

function keyOf({ path, query = {}, body = '', accept = [] }: PlatformRequest): string {
  return JSON.stringify([path, query, body, accept]);
}

/** In bytes; of an answer that came as text, about. */
function sizeOf(response: PlatformResponse): number {
  return response.body?.length ?? response.text.length;
}
