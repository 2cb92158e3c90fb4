/** What can go wrong on the way to the platform and back, and at the choice of a business. */
import { html } from 'ghtml';
import type { LinkFailureCode } from '../../../link/failure.ts';
import { journeyMinutes } from '../../../link/journey.ts';
import { type FailureText, nothingChanged } from './failure-text.ts';

const startAgain = () => 'You can start again from here.';
const openLinkAgain = () => 'Please open the link that you were given once more.';

export const journeyFailureTexts = {
  stateMissing: {
    title: 'This page cannot be opened by itself',
    what: () =>
      'It is where your accounting software sends you back to, and it came without what we need to go on.',
    next: openLinkAgain,
    offer: 'none',
  },
  stateUnknown: {
    title: 'We do not know this way back',
    what: () =>
      'Your accounting software sent you back with something that we did not give it, or that is long past.',
    next: openLinkAgain,
    offer: 'none',
  },
  stateExpired: {
    title: 'That took too long',
    what: ({ platform }) =>
      html`Signing in at !${platform} has to be finished within ${journeyMinutes} minutes. ${nothingChanged}`,
    next: startAgain,
    offer: 'again',
    mark: 'wait',
  },
  stateUsed: {
    title: 'This was used already',
    what: () =>
      'Your accounting software sent you back a second time with the same answer, perhaps because the page was loaded again.',
    next: () => 'Have a look whether you are connected, or start again.',
    offer: 'confirmation',
  },
  otherBrowser: {
    title: 'Please stay in one browser',
    what: ({ platform }) =>
      html`You came back from !${platform} in another browser than the one that you started in, or it keeps no cookies. For your safety it ends here. ${nothingChanged}`,
    next: () => 'Please start again, and stay in this browser.',
    offer: 'again',
  },
  accessDenied: {
    title: 'You did not give access',
    what: ({ platform, lender }) =>
      html`At !${platform} you decided not to let !${lender} read your books. ${nothingChanged}`,
    next: () => 'If that was not what you wanted, try again.',
    offer: 'again',
    orOther: true,
  },
  platformRefused: {
    title: 'Access was not given',
    what: ({ platform }) => html`!${platform} sent you back without access to your books. ${nothingChanged}`,
    next: ({ lender }) => html`Please try again. If it happens once more, tell !${lender}.`,
    offer: 'again',
  },
  codeRefused: {
    title: 'That did not work',
    what: ({ platform }) =>
      html`!${platform} no longer accepts the answer that it sent you back with: it was used before, or it is too old. ${nothingChanged}`,
    next: startAgain,
    offer: 'again',
  },
  platformDown: {
    title: 'No answer at the moment',
    what: ({ platform }) => html`!${platform} does not answer as it should. ${nothingChanged}`,
    next: ({ when }) => html`Please try again ${when}.`,
    offer: 'again',
    mark: 'wait',
    orOther: true,
  },
  platformBusy: {
    title: 'Too busy at the moment',
    what: ({ platform }) => html`!${platform} asks us to slow down. ${nothingChanged}`,
    next: ({ when }) => html`Please try again ${when}.`,
    offer: 'again',
    mark: 'wait',
  },
  noBusiness: {
    title: 'There are no books yet',
    what: ({ platform }) =>
      html`The user that you signed in as has no business at !${platform}. ${nothingChanged}`,
    next: ({ platform }) =>
      html`Please sign in at !${platform} as the user that keeps your books, and try again.`,
    offer: 'again',
    orOther: true,
  },
  otherBusiness: {
    title: 'That is another business',
    what: ({ business, offered }) =>
      html`This link belongs to !${business}, and you gave access to !${offered}. ${nothingChanged}`,
    next: ({ business, lender }) =>
      html`Please try again and sign in as the user that keeps the books of !${business}. To connect another business, ask !${lender} for a new link.`,
    offer: 'again',
  },
  choiceGone: {
    title: 'This choice is no longer open',
    what: () => 'It was left open too long, or belongs to another browser.',
    next: startAgain,
    offer: 'again',
  },
  businessNotOffered: {
    title: 'Please choose a business',
    what: () => 'The form came without one of the businesses in the list.',
    next: () => 'Please go back to the list.',
    offer: 'confirmation',
  },
  credentialsRefused: {
    title: 'That did not work',
    what: ({ platform }) => html`!${platform} did not accept the user name and password. ${nothingChanged}`,
    next: startAgain,
    offer: 'again',
    orOther: true,
  },
  accessNotAllowed: {
    title: 'Access is not allowed',
    what: ({ platform }) => html`!${platform} does not let us in. ${nothingChanged}`,
    next: startAgain,
    offer: 'again',
  },
  tooManyAttempts: {
    title: 'Too many attempts',
    what: ({ platform }) =>
      html`User name and password were tried many times in a short while. So that nobody guesses yours, and !${platform} does not lock your account, we wait a little. ${nothingChanged}`,
    next: ({ when, platform }) =>
      html`Please try again ${when}. Until then, make sure at !${platform} that you can sign in with what you entered.`,
    offer: 'again',
    mark: 'wait',
  },
} satisfies Partial<Record<LinkFailureCode, FailureText>>;
