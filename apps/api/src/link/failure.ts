/**
 * Everything that can stop a small business on its way to a linked connection. Each code has a page of its own
 * (routes/link/pages/failure.ts) that says what happened and what to do next.
 *
 * - `unknownLink`: no such company or connection, or nothing that this browser may see.
 * - `platformNotEnabled`, `noApplicationKeys`, `keysRejected`, `methodNotOffered`: the lender has to act.
 * - `alreadyLinked`: the company has a Linked connection; it is unlinked before another one is linked.
 * - `stateMissing`, `stateUnknown`, `stateExpired`, `stateUsed`, `otherBrowser`: the way back from the platform is not the end of
 *   a journey that this browser began.
 * - `accessDenied`, `platformRefused`, `codeRefused`: the platform came back without access.
 * - `platformDown`, `platformBusy`: heals by itself.
 * - `noBusiness`, `otherBusiness`: access was given, but to no books, or to other books than before.
 * - `choiceGone`, `businessNotOffered`: the business chooser was sent too late, or with something that it did not offer.
 * - `credentialsRefused`, `accessNotAllowed`: the platform refused the user name and password, or lets nobody in from here; the form
 *   is shown again.
 * - `tooManyAttempts`: passwords were tried too often through one link (attempts.ts).
 */
import type { LenderBrand } from './branding.ts';

export type LinkFailureCode =
  | 'unknownLink'
  | 'platformUnknown'
  | 'platformNotEnabled'
  | 'noApplicationKeys'
  | 'keysRejected'
  | 'methodNotOffered'
  | 'alreadyLinked'
  | 'stateMissing'
  | 'stateUnknown'
  | 'stateExpired'
  | 'stateUsed'
  | 'otherBrowser'
  | 'accessDenied'
  | 'platformRefused'
  | 'codeRefused'
  | 'platformDown'
  | 'platformBusy'
  | 'noBusiness'
  | 'otherBusiness'
  | 'choiceGone'
  | 'businessNotOffered'
  | 'credentialsRefused'
  | 'accessNotAllowed'
  | 'tooManyAttempts';

/** HTTP status of each failure's page. */
export const failureStatuses: Readonly<Record<LinkFailureCode, number>> = {
  unknownLink: 404,
  platformUnknown: 400,
  platformNotEnabled: 409,
  noApplicationKeys: 409,
  keysRejected: 409,
  methodNotOffered: 409,
  alreadyLinked: 409,
  stateMissing: 400,
  stateUnknown: 400,
  stateExpired: 400,
  stateUsed: 400,
  otherBrowser: 400,
  accessDenied: 400,
  platformRefused: 400,
  codeRefused: 400,
  platformDown: 502,
  platformBusy: 503,
  noBusiness: 400,
  otherBusiness: 400,
  choiceGone: 400,
  businessNotOffered: 400,
  credentialsRefused: 422,
  accessNotAllowed: 422,
  tooManyAttempts: 429,
};

/** What a failure's page may show. Names are shown escaped; nothing here is secret. */
export interface FailureContext {
  readonly companyId?: string;
  readonly connectionId?: string;
  readonly platformName?: string;
  readonly lender?: LenderBrand;
  /** The business that the connection, or the company's other connection, is linked to. */
  readonly businessName?: string;
  /** What the platform offered instead. */
  readonly offeredName?: string;
  /** The client's own redirect URL, told about this failure. */
  readonly backUrl?: string;
  /** What the platform's connector knows better than the code: plain text, for the business and the operator. */
  readonly reason?: string;
  /** When trying again makes sense. */
  readonly retryAfterSeconds?: number;
}

/** Stops a journey; the page shown is decided by the code. */
export class LinkFailure extends Error {
  override readonly name = 'LinkFailure';
  readonly code: LinkFailureCode;
  readonly context: FailureContext;

  constructor(code: LinkFailureCode, context: FailureContext = {}, cause?: unknown) {
    super(`linking stopped: ${code}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.context = context;
  }
}
