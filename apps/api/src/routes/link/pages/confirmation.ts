import { html } from 'ghtml';
import type { ConfirmationView } from '../../../link/confirmation.ts';
import { dataDescriptions } from '../../../link/data-descriptions.ts';
import type { TypeProgress } from '../../../link/progress.ts';
import { connectionPath, type Html, layout, nameOf, type PageAssets } from './layout.ts';

type View<Kind extends ConfirmationView['kind']> = Extract<ConfirmationView, { kind: Kind }>;

const refreshSeconds = 4;

const idsOf = ({ link: { connection } }: ConfirmationView) => ({
  companyId: connection.companyId,
  connectionId: connection.id,
});

/** Where linking ends: which business it is, how far the first sync has come, and the way to take it back. */
export function confirmationPage(assets: PageAssets, view: ConfirmationView): Html {
  switch (view.kind) {
    case 'choose':
      return chooserPage(assets, view);
    case 'linked':
      return linkedPage(assets, view);
    case 'ended':
      return endedPage(assets, view);
  }
}

function chooserPage(assets: PageAssets, view: View<'choose'>): Html {
  const { lenderName, connector } = view.link;
  const choices = view.businesses.map(
    ({ id, name }) =>
      html`<label><input type="radio" name="businessId" value="${id}" required> !${nameOf(name)}</label>`,
  );
  return layout(assets, {
    title: 'Which business?',
    content: html`<h1>Which business?</h1>
<p>You can read the books of several businesses at ${connector.manifest.name}. !${nameOf(lenderName)} will read the one that you choose, and none of the others.</p>
<form method="post" action="${connectionPath(idsOf(view), 'choose')}">
<fieldset><legend>Business</legend>
!${choices.join('\n')}
</fieldset>
<button class="button" type="submit">Connect this business</button>
</form>`,
  });
}

function linkedPage(assets: PageAssets, view: View<'linked'>): Html {
  const { connection, connector, lenderName } = view.link;
  const business = connection.businessName === null ? 'Your business' : nameOf(connection.businessName);
  return layout(assets, {
    title: 'Connected',
    ...(view.underWay ? { refreshSeconds } : {}),
    content: html`<p class="mark" aria-hidden="true">✓</p>
<h1>!${business} is connected</h1>
<p>!${nameOf(lenderName)} can now read its books at ${connector.manifest.name}. Is this the right business? If not, withdraw your consent below and connect again.</p>
!${backLink(view.backUrl, lenderName)}
<h2>What is being read</h2>
!${progressList(view)}
<h2>Changed your mind?</h2>
<p>You can withdraw your consent. Nothing more is read then; what was read before stays with !${nameOf(lenderName)}.</p>
<form method="post" action="${connectionPath(idsOf(view), 'withdraw')}">
<button class="button plain" type="submit">Withdraw consent</button>
</form>`,
  });
}

function backLink(backUrl: string | undefined, lenderName: string): Html {
  if (backUrl === undefined)
    return html`<p>You can close this page, or go back to !${nameOf(lenderName)}.</p>`;
  return html`<p><a class="button" href="${backUrl}">Back to !${nameOf(lenderName)}</a></p>`;
}

function progressList({ progress, underWay }: View<'linked'>): Html {
  if (progress.length === 0) return html`<p>Reading starts in a moment.</p>`;
  const lines = progress
    .filter(({ state }) => state !== 'notOffered')
    .map(
      (line) =>
        html`<li><strong>${dataDescriptions[line.dataType].label}</strong> <span>${stateText(line)}</span></li>`,
    );
  const note = underWay ? 'This page follows it; you need not wait.' : 'Reading has come to its end for now.';
  return html`<p>${note}</p>
<ul class="progress">
!${lines.join('\n')}
</ul>`;
}

function stateText({ state, records }: TypeProgress): string {
  const count = records === 1 ? '1 record' : `${records} records`;
  switch (state) {
    case 'waiting':
      return 'waiting';
    case 'reading':
      return records === 0 ? 'being read' : `being read, ${count} so far`;
    case 'read':
      return `read, ${count}`;
    case 'failed':
      return 'could not be read yet; it is tried again later';
    case 'notOffered':
      return 'not offered';
  }
}

function endedPage(assets: PageAssets, view: View<'ended'>): Html {
  const { connector, lenderName } = view.link;
  const what = view.withdrawn ? 'You have withdrawn your consent' : 'This connection has ended';
  return layout(assets, {
    title: what,
    content: html`<h1>${what}</h1>
<p>!${nameOf(lenderName)} no longer reads your books at ${connector.manifest.name}.</p>
<p>You can connect again at any time.</p>
<p><a class="button" href="${connectionPath(idsOf(view), 'start')}">Connect again</a></p>`,
  });
}
