import { html } from 'ghtml';
import type { FailureContext, LinkFailureCode } from '../../../link/failure.ts';
import type { FailureText, Names } from './failure-text.ts';
import { journeyFailureTexts } from './failure-texts-of-journeys.ts';
import { linkFailureTexts } from './failure-texts-of-links.ts';
import { companyPath, connectionPath, type Html, layout, nameOf, type PageAssets } from './layout.ts';

const texts: Readonly<Record<LinkFailureCode, FailureText>> = { ...linkFailureTexts, ...journeyFailureTexts };

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
