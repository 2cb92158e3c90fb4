import { html } from 'ghtml';
import type { ConfirmationView } from '../../../link/confirmation.ts';
import type { Reader } from '../reader.ts';
import { icons } from './icons.ts';
import { connectionPath, type Html, layout, linkButton, nameOf, type PageAssets } from './layout.ts';
import { progressSection } from './progress.ts';

type View<Kind extends ConfirmationView['kind']> = Extract<ConfirmationView, { kind: Kind }>;

const refreshSeconds = 5;

const idsOf = ({ link: { connection } }: ConfirmationView) => ({
  companyId: connection.companyId,
  connectionId: connection.id,
});

/** How the page is looked at. */
interface Looking {
  readonly reader: Reader;
  /** The reader asked for a page that does not load itself anew. */
  readonly isStill: boolean;
}

/** Where linking ends: which business it is, how far the first sync has come, and the way to take it back. */
export function confirmationPage(assets: PageAssets, view: ConfirmationView, looking: Looking): Html {
  switch (view.kind) {
    case 'choose':
      return chooserPage(assets, view);
    case 'linked':
      return linkedPage(assets, view, looking);
    case 'ended':
      return endedPage(assets, view);
  }
}

function chooserPage(assets: PageAssets, view: View<'choose'>): Html {
  const { lender, connector } = view.link;
  const choices = view.businesses.map(
    ({ id, name }) =>
      html`<label><input type="radio" name="businessId" value="${id}" required> !${nameOf(name)}</label>`,
  );
  return layout(assets, {
    title: 'Which business?',
    lender,
    content: html`<h1>Which business?</h1>
<p>You can read the books of several businesses at ${connector.manifest.name}. !${nameOf(lender.name)} will read the one that you choose, and none of the others.</p>
<form method="post" action="${connectionPath(idsOf(view), 'choose')}">
<fieldset><legend>Business</legend>
!${choices.join('\n')}
</fieldset>
<button class="button" type="submit" data-busy="Connecting …">Connect this business</button>
</form>`,
  });
}

function linkedPage(assets: PageAssets, view: View<'linked'>, { reader, isStill }: Looking): Html {
  const { connection, connector, lender } = view.link;
  const business = connection.businessName === null ? 'Your business' : nameOf(connection.businessName);
  const name = nameOf(lender.name);
  const donePath = connectionPath(idsOf(view), 'done');
  return layout(assets, {
    title: 'Connected',
    lender,
    refreshSeconds: view.underWay && !isStill ? refreshSeconds : undefined,
    content: html`<div class="mark good">!${icons.check}</div>
<h1>!${business} is connected</h1>
<p class="lead">!${name} can now read its books at ${connector.manifest.name}.</p>
<p>Is this the right business? If not, withdraw your consent below and connect again.</p>
!${backLink(view.backUrl, name)}
!${progressSection(view, reader, { path: donePath, isStill })}
<h2>Changed your mind?</h2>
<p>You agreed on !${agreedOn(view.consent.agreedAt, reader)}. You can withdraw your consent. Nothing more is read then; what was read before stays with !${name}.</p>
<form method="post" action="${connectionPath(idsOf(view), 'withdraw')}">
<button class="button plain" type="submit" data-busy="Withdrawing …">Withdraw consent</button>
</form>`,
  });
}

/** The day by universal time; the script puts the reader's own time in its place. */
function agreedOn(at: Date, { locale }: Reader): Html {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  return html`<time datetime="${at.toISOString()}">${day}</time>`;
}

function backLink(backUrl: string | undefined, lender: Html): Html {
  if (backUrl === undefined) return html`<p>You can close this page, or go back to !${lender}.</p>`;
  return html`<p class="actions">!${linkButton(backUrl, html`Back to !${lender}`)}</p>`;
}

function endedPage(assets: PageAssets, view: View<'ended'>): Html {
  const { connector, lender } = view.link;
  const what = view.withdrawn ? 'You have withdrawn your consent' : 'This connection has ended';
  return layout(assets, {
    title: what,
    lender,
    content: html`<div class="mark wait">!${icons.undo}</div>
<h1>${what}</h1>
<p class="lead">!${nameOf(lender.name)} no longer reads your books at ${connector.manifest.name}.</p>
<p>You can connect again at any time.</p>
<p class="actions">!${linkButton(connectionPath(idsOf(view), 'start'), 'Connect again')}
!${view.backUrl === undefined ? '' : linkButton(view.backUrl, html`Back to !${nameOf(lender.name)}`, 'plain')}</p>`,
  });
}
