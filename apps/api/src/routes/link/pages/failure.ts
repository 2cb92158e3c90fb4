import { html } from 'ghtml';
import type { FailureContext, LinkFailureCode } from '../../../link/failure.ts';
import { journeyMinutes } from '../../../link/journey.ts';
import { companyPath, connectionPath, type Html, layout, nameOf, type PageAssets } from './layout.ts';

/** What one failure's page says: HTML made by `html` templates. */
interface FailureText {
  readonly title: string;
  readonly what: (names: Names) => Html;
  /** What to do about it, in a sentence; the buttons follow. */
  readonly next: (names: Names) => Html;
  /** Which way the page offers on. */
  readonly offer: 'again' | 'choose' | 'confirmation' | 'none';
}

/** Names as they stand in sentences. */
interface Names {
  readonly lender: Html;
  readonly platform: Html;
  readonly business: Html;
  readonly offered: Html;
}

const nothingChanged = 'Nothing has changed.';
const tellLender = ({ lender }: Names) => html`Please tell !${lender}, and open your link again afterwards.`;
const startAgain = () => 'You can start again from here.';
const openLinkAgain = () => 'Please open the link that you were given once more.';

const texts: Readonly<Record<LinkFailureCode, FailureText>> = {
  unknownLink: {
    title: 'There is nothing here',
    what: () => 'This link does not exist, is no longer in use, or belongs to another browser.',
    next: () => 'Please open the link that you were given once more, in one piece.',
    offer: 'none',
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
  },
  noApplicationKeys: {
    title: 'Not set up yet',
    what: ({ lender, platform }) =>
      html`!${lender} has not finished setting up !${platform}: its application keys are missing.`,
    next: tellLender,
    offer: 'none',
  },
  keysRejected: {
    title: 'Not set up correctly',
    what: ({ lender, platform }) =>
      html`!${platform} did not accept the application keys of !${lender}. This is no fault of yours. ${nothingChanged}`,
    next: tellLender,
    offer: 'none',
  },
  methodNotOffered: {
    title: 'Cannot be connected here',
    what: ({ platform }) => html`!${platform} cannot be connected by this link.`,
    next: tellLender,
    offer: 'none',
  },
  alreadyLinked: {
    title: 'Another business is connected',
    what: ({ business }) =>
      html`This link is already used for !${business}. One set of books can be connected at a time. ${nothingChanged}`,
    next: ({ lender }) =>
      html`If you want to connect other books instead, please ask !${lender} to disconnect the present ones first.`,
    offer: 'none',
  },
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
    next: () => 'Please try again in a few minutes.',
    offer: 'again',
  },
  platformBusy: {
    title: 'Too busy at the moment',
    what: ({ platform }) => html`!${platform} asks us to slow down. ${nothingChanged}`,
    next: () => 'Please try again in a few minutes.',
    offer: 'again',
  },
  noBusiness: {
    title: 'There are no books yet',
    what: ({ platform }) =>
      html`The user that you signed in as has no business at !${platform}. ${nothingChanged}`,
    next: ({ platform }) =>
      html`Please sign in at !${platform} as the user that keeps your books, and try again.`,
    offer: 'again',
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
};

/** The page of one failure: what happened, and the next step. */
export function failurePage(assets: PageAssets, code: LinkFailureCode, context: FailureContext): Html {
  const text = texts[code];
  const names: Names = {
    lender: context.lenderName === undefined ? 'the one who sent you the link' : nameOf(context.lenderName),
    platform: context.platformName === undefined ? 'your accounting software' : nameOf(context.platformName),
    business: context.businessName === undefined ? 'another business' : nameOf(context.businessName),
    offered: context.offeredName === undefined ? 'other books' : nameOf(context.offeredName),
  };
  return layout(assets, {
    title: text.title,
    content: html`<h1>${text.title}</h1>
<p>!${text.what(names)}</p>
<p>!${text.next(names)}</p>
!${offers(text.offer, context)}!${backOffer(context)}`,
  });
}

function offers(offer: FailureText['offer'], { companyId, connectionId }: FailureContext): Html {
  if (companyId === undefined || offer === 'none') return '';
  if (offer === 'choose') return button(companyPath(companyId), 'Back to the list');
  if (connectionId === undefined) return button(companyPath(companyId), 'Start again');
  const ids = { companyId, connectionId };
  const again = button(connectionPath(ids, 'start'), offer === 'again' ? 'Try again' : 'Start again');
  return offer === 'again' ? again : button(connectionPath(ids, 'done'), 'Have a look') + again;
}

function backOffer({ backUrl, lenderName }: FailureContext): Html {
  if (backUrl === undefined || lenderName === undefined) return '';
  return html`<p><a href="${backUrl}">Back to !${nameOf(lenderName)}</a></p>`;
}

function button(path: string, label: string): Html {
  return html`<p><a class="button" href="${path}">${label}</a></p>`;
}

/** Something went wrong that has no code: our fault, or a request that no browser of ours sends. */
export function troublePage(assets: PageAssets, trouble: { status: number; correlationId: string }): Html {
  const [title, next] =
    trouble.status >= 500
      ? ['Something is wrong here', 'This is no fault of yours. Please try again in a few minutes.']
      : ['This request could not be read', 'Please open the link that you were given once more.'];
  return layout(assets, {
    title,
    content: html`<h1>${title}</h1>
<p>${next}</p>
<p class="small">If you ask for help, name this number: ${trouble.correlationId}</p>`,
  });
}
