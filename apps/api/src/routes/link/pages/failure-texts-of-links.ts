/** What is wrong with a link, or with how the lender set the platform up, before the way to the platform begins. */
import { html } from 'ghtml';
import type { LinkFailureCode } from '../../../link/failure.ts';
import { type FailureText, nothingChanged, tellLender } from './failure-text.ts';

export const linkFailureTexts = {
  unknownLink: {
    title: 'There is nothing here',
    what: () => 'This link does not exist, is no longer in use, or belongs to another browser.',
    next: () => 'Please open the link that you were given once more, in one piece.',
    offer: 'none',
    mark: 'broken',
  },
  platformUnknown: {
    title: 'Please choose your accounting software',
    what: () => 'The form came without a choice that we know.',
    next: () => 'Please go back and choose one from the list.',
    offer: 'choose',
  },
  platformNotEnabled: {
    title: 'Not available at the moment',
    what: ({ lender, platform }) => html`!${lender} has not switched on !${platform}.`,
    next: tellLender,
    offer: 'none',
    orOther: true,
  },
  noApplicationKeys: {
    title: 'Not set up yet',
    what: ({ lender, platform }) =>
      html`!${lender} has not finished setting up !${platform}: its application keys are missing.`,
    next: tellLender,
    offer: 'none',
    orOther: true,
  },
  keysRejected: {
    title: 'Not set up correctly',
    what: ({ lender, platform }) =>
      html`!${platform} did not accept the application keys of !${lender}. This is no fault of yours. ${nothingChanged}`,
    next: tellLender,
    offer: 'none',
    orOther: true,
  },
  methodNotOffered: {
    title: 'Cannot be connected here',
    what: ({ platform }) => html`!${platform} cannot be connected by this link.`,
    next: tellLender,
    offer: 'none',
    orOther: true,
  },
  alreadyLinked: {
    title: 'Another business is connected',
    what: ({ business }) =>
      html`This link is already used for !${business}. One set of books can be connected at a time. ${nothingChanged}`,
    next: ({ lender }) =>
      html`If you want to connect other books instead, please ask !${lender} to disconnect the present ones first.`,
    offer: 'none',
  },
} satisfies Partial<Record<LinkFailureCode, FailureText>>;
