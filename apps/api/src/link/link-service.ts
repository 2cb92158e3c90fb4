import { type CallbackOutcome, type CallbackRequest, finishJourney } from './callback.ts';
import { type CompanyView, choosePlatform, viewCompany } from './company-page.ts';
import { createLinkCompletion } from './completion.ts';
import { type ConfirmationView, viewConfirmation, withdrawConsent } from './confirmation.ts';
import { recordFailure } from './connection-errors.ts';
import { type CredentialsForm, type CredentialsRequest, submitCredentials } from './credentials.ts';
import type { LinkDependencies } from './dependencies.ts';
import { LinkFailure } from './failure.ts';
import type { Cookies } from './journey.ts';
import { type LinkContext, linkFailure, loadLink } from './link-context.ts';
import { openChoice } from './pending-choice.ts';
import { consentOfBrowser, issueReceipt } from './receipt.ts';
import { type BrowserCookie, type JourneyStart, startJourney } from './start.ts';

export interface LinkIds {
  readonly companyId: string;
  readonly connectionId: string;
}

/** A journey that has come to its end, or to the business chooser. */
export interface Arrival {
  readonly link: LinkContext;
  /** Lets the browser see the confirmation; absent while a business has to be chosen. */
  readonly receipt?: BrowserCookie;
  /** The cookie that is of no use any more. */
  readonly spentCookie?: string;
}

/** Linking, without HTTP. Every method throws {@link LinkFailure} for what a page can explain. */
export interface LinkService {
  viewCompany(companyId: string): Promise<CompanyView>;
  choosePlatform(companyId: string, platformKey: string | undefined): Promise<{ connectionId: string }>;
  start(ids: LinkIds): Promise<JourneyStart>;
  /** User name and password, as entered; the form again when the platform refuses them. */
  submitCredentials(ids: LinkIds, request: CredentialsRequest): Promise<Arrival | { form: CredentialsForm }>;
  callback(request: CallbackRequest): Promise<Arrival>;
  chooseBusiness(
    ids: LinkIds,
    choice: { businessId: string | undefined; cookies: Cookies; traceId: string },
  ): Promise<Arrival>;
  viewConfirmation(ids: LinkIds, cookies: Cookies): Promise<ConfirmationView>;
  withdraw(ids: LinkIds, cookies: Cookies): Promise<void>;
}

export function createLinkService(deps: LinkDependencies): LinkService {
  const completeLink = createLinkCompletion(deps);

  const arrival = ({ link, journeyCookie, consentId }: CallbackOutcome): Arrival =>
    consentId === undefined
      ? { link }
      : { link, receipt: issueReceipt(deps, link.connection, consentId), spentCookie: journeyCookie };

  return {
    viewCompany: (companyId) => viewCompany(deps, companyId),
    choosePlatform: (companyId, platformKey) => choosePlatform(deps, companyId, platformKey),
    start: (ids) => startJourney(deps, ids),
    callback: async (request) => arrival(await finishJourney(deps, completeLink, request)),
    async submitCredentials(ids, request) {
      try {
        const outcome = await submitCredentials(deps, completeLink, ids, request);
        return 'journeyCookie' in outcome ? arrival(outcome) : { form: outcome };
      } catch (error) {
        if (!(error instanceof LinkFailure) || error.code !== 'stateUsed') throw error;
        // The form was sent twice: the first one has linked.
        const link = await loadLink(deps, ids);
        if ((await consentOfBrowser(deps, link.connection, request.cookies)) === undefined) throw error;
        return { link };
      }
    },
    viewConfirmation: (ids, cookies) => viewConfirmation(deps, ids, cookies),
    withdraw: (ids, cookies) => withdrawConsent(deps, ids, cookies),

    async chooseBusiness(ids, { businessId, cookies, traceId }) {
      const link = await loadLink(deps, ids);
      const choice = await openChoice(deps, link, cookies);
      if (choice === undefined) {
        // The form was sent twice: the first one has linked.
        if ((await consentOfBrowser(deps, link.connection, cookies)) !== undefined) return { link };
        // Another browser learns nothing, not even that the connection exists.
        throw new LinkFailure('choiceGone', ids);
      }
      const business = choice.businesses.find(({ id }) => id === businessId);
      if (business === undefined) throw linkFailure('businessNotOffered', link);
      try {
        const { consentId } = await completeLink({
          link,
          tokens: choice.tokens,
          business,
          choiceOf: choice.journey,
          traceId,
        });
        return { link, receipt: issueReceipt(deps, link.connection, consentId) };
      } catch (error) {
        if (error instanceof LinkFailure) await recordFailure(deps, link, error);
        throw error;
      }
    },
  };
}
