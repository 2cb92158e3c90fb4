import { html } from 'ghtml';
import type { FailureContext, LinkFailureCode } from '../../../link/failure.ts';
import type { FailureText, Names } from './failure-text.ts';
import { journeyFailureTexts } from './failure-texts-of-journeys.ts';
import { linkFailureTexts } from './failure-texts-of-links.ts';
import { icons } from './icons.ts';
import {
  companyPath,
  connectionPath,
  type Html,
  layout,
  linkButton,
  nameOf,
  type PageAssets,
} from './layout.ts';

const texts: Readonly<Record<LinkFailureCode, FailureText>> = { ...linkFailureTexts, ...journeyFailureTexts };

const marks = {
  act: html`<div class="mark act">!${icons.alert}</div>`,
  wait: html`<div class="mark wait">!${icons.clock}</div>`,
  broken: html`<div class="mark wait">!${icons.broken}</div>`,
};

/**
 * The page of one failure: what happened, and the next step.
 * @param reference names the request in our logs
 */
export function failurePage(
  assets: PageAssets,
  code: LinkFailureCode,
  context: FailureContext,
  reference: string,
): Html {
  const text: FailureText = texts[code];
  const { lender } = context;
  const names: Names = {
    lender: lender === undefined ? 'the one who sent you the link' : nameOf(lender.name),
    platform: context.platformName === undefined ? 'your accounting software' : nameOf(context.platformName),
    business: context.businessName === undefined ? 'another business' : nameOf(context.businessName),
    offered: context.offeredName === undefined ? 'other books' : nameOf(context.offeredName),
    when: waitText(context.retryAfterSeconds),
  };
  const buttons = [...offers(text, context), ...backOffer(context)];
  return layout(assets, {
    title: text.title,
    lender,
    content: html`!${marks[text.mark ?? 'act']}
<h1>${text.title}</h1>
<p class="lead">!${text.what(names)}</p>
<p>!${text.next(names)}</p>
!${buttons.length === 0 ? '' : html`<p class="actions">!${buttons.join('\n')}</p>`}
!${referenceLine(reference)}`,
  });
}

function waitText(seconds: number | undefined): string {
  if (seconds === undefined) return 'in a few minutes';
  if (seconds <= 90) return 'in a minute or two';
  return `in about ${Math.ceil(seconds / 60)} minutes`;
}

function offers({ offer, orOther }: FailureText, { companyId, connectionId }: FailureContext): Html[] {
  if (companyId === undefined) return [];
  const other = orOther ? [linkButton(companyPath(companyId), 'Choose other software', 'plain')] : [];
  if (offer === 'none') return other;
  if (offer === 'choose') return [linkButton(companyPath(companyId), 'Back to the list')];
  if (connectionId === undefined) return [linkButton(companyPath(companyId), 'Start again')];
  const start = connectionPath({ companyId, connectionId }, 'start');
  if (offer === 'again') return [linkButton(start, 'Try again'), ...other];
  const done = connectionPath({ companyId, connectionId }, 'done');
  return [linkButton(done, 'Have a look'), linkButton(start, 'Start again', 'plain')];
}

function backOffer({ backUrl, lender }: FailureContext): Html[] {
  if (backUrl === undefined || lender === undefined) return [];
  return [linkButton(backUrl, html`Back to !${nameOf(lender.name)}`, 'plain')];
}

function referenceLine(reference: string): Html {
  return html`<p class="small reference">If you ask for help, name this number: <code>${reference}</code></p>`;
}

/** What a request that has no code of its own met, in words for somebody in front of a browser. */
const troubles: readonly (readonly [from: number, title: string, next: string])[] = [
  [500, 'Something is wrong here', 'This is no fault of yours. Please try again in a few minutes.'],
  [413, 'That was too much', 'More was sent than fits. Please go back and enter less.'],
  [400, 'This request could not be read', 'Please open the link that you were given once more.'],
];

/** Something went wrong that has no code: our fault, or a request that no browser of ours sends. */
export function troublePage(assets: PageAssets, trouble: { status: number; reference: string }): Html {
  const { status, reference } = trouble;
  const [, title = '', next = ''] =
    troubles.find(([from]) => (status >= 500 ? from === 500 : status === from)) ?? troubles[2] ?? [];
  return layout(assets, {
    title,
    content: html`!${status >= 500 ? marks.wait : marks.broken}
<h1>${title}</h1>
<p class="lead">${next}</p>
!${referenceLine(reference)}`,
  });
}
