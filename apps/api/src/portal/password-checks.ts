import { hashPassword, pretendToVerify, verifyPassword } from '@tributary/store';
import { createSlots } from '../data/slots.ts';

/** Hashing takes 32 MB and a thread each time: so many at once, and a request waits so long for its turn. */
const atOnce = 2;
const waitMs = 20_000;

const slots = createSlots(
  atOnce,
  waitMs,
  'Too many people sign in at this moment. Try again in a few seconds.',
);

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const release = await slots.acquire();
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Hashing of passwords, a few at a time for the whole process.
 * @throws ApiError 503 when too many others wait
 */
export const passwordChecks = {
  hash: (password: string) => inTurn(() => hashPassword(password)),
  /** @param stored undefined: there is no such user; it takes as long, and is false */
  verify: (password: string, stored: string | undefined) =>
    inTurn(async () => {
      if (stored !== undefined) return verifyPassword(password, stored);
      await pretendToVerify(password);
      return false;
    }),
} as const;
