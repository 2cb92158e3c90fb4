import { createHash } from 'node:crypto';
import { forgetSignInAttempts, normalEmail, type Store, takeSignInAttempt } from '@tributary/store';
import { tooManyRequests } from '../errors.ts';

const windowSeconds = 900;
/** Wrong passwords within a window: for one address from one place, for one address from anywhere, from one place for anybody. */
const most = { addressFromPlace: 5, address: 20, place: 100 };

/** Tries of passwords are counted before they are made, so that many at once are no more than one after the other. */
export interface SignInAttempts {
  /** @throws ApiError 429 when there were too many */
  take(email: string, ip: string): Promise<void>;
  /** The password was right. */
  forget(email: string, ip: string): Promise<void>;
}

export function createSignInAttempts({ pool }: Pick<Store, 'pool'>): SignInAttempts {
  return {
    async take(email, ip) {
      const place = placeOf(ip);
      const address = normalEmail(email);
      const limits = [
        { id: keyOf('address-from-place', address, place), most: most.addressFromPlace },
        { id: keyOf('address', address), most: most.address },
        { id: keyOf('place', place), most: most.place },
      ];
      const seconds = await takeSignInAttempt(pool, limits, windowSeconds);
      if (seconds === 0) return;
      const minutes = Math.ceil(seconds / 60);
      throw tooManyRequests(
        `Too many attempts to sign in. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
        seconds,
      );
    },

    async forget(email, ip) {
      const address = normalEmail(email);
      const ids = [keyOf('address-from-place', address, placeOf(ip)), keyOf('address', address)];
      await forgetSignInAttempts(pool, ids);
    },
  };
}

/** One subscriber has 2^64 addresses of IPv6: their network is the place. */
function placeOf(ip: string): string {
  if (!ip.includes(':') || ip.includes('.')) return ip;
  const [head = '', tail = ''] = ip.split('::', 2);
  const first = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const zeros = ip.includes('::') ? Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0') : [];
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}

/** Neither addresses nor places are stored as they are. */
function keyOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
