/** Who may call: every call carries user name and password. */
import type { BusinessProfile } from '../kashoo/catalogue.ts';
import type { Library } from '../kashoo/library.ts';

/** How the platform refuses a caller. The texts of the last two are not documented. */
export const REFUSALS = {
  credentials: 'Incorrect username or password',
  apiOff: 'Access denied. The API is not enabled for this account',
  address: 'Access denied. Your IP address is not on the list of allowed addresses',
} as const;

export type Refusal = keyof typeof REFUSALS;

export interface KashFlowAccess {
  /** The business that the credentials open, or why they open none. */
  open(username: string, password: string): BusinessProfile | Refusal;
  /** From now on everybody is refused, in this way; undefined: nobody who has the right password. */
  refuseAll(refusal: Refusal | undefined): void;
}

/** User names beside the ids of the sandbox's users. */
const SWITCHED_OFF = 'api-off';
const ELSEWHERE = 'other-address';

/** @param credentials those of the default user; the other users have the same password */
export function createKashFlowAccess(
  library: Library,
  credentials: { readonly username: string; readonly password: string },
): KashFlowAccess {
  let refusal: Refusal | undefined;
  return {
    refuseAll: (next) => {
      refusal = next;
    },
    open: (username, password) => {
      if (refusal !== undefined) return refusal;
      const name = username.trim().toLowerCase();
      if (password !== credentials.password) return 'credentials';
      if (name === SWITCHED_OFF) return 'apiOff';
      if (name === ELSEWHERE) return 'address';
      const [first] = library.businesses;
      const own = library.businesses.find(({ owner }) => String(owner) === name);
      return (name === credentials.username.toLowerCase() ? first : own) ?? 'credentials';
    },
  };
}
