/** How far the first sync is: a part of the confirmation that the script fetches anew and puts in its place. */
import { html } from 'ghtml';
import type { ConfirmationView } from '../../../link/confirmation.ts';
import { dataDescriptions } from '../../../link/data-descriptions.ts';
import type { TypeProgress } from '../../../link/progress.ts';
import type { Reader } from '../reader.ts';
import type { Html } from './layout.ts';

type Linked = Extract<ConfirmationView, { kind: 'linked' }>;

/** @param page the confirmation's address, and whether it was asked not to load itself anew */
export function progressSection(
  { progress, underWay }: Linked,
  reader: Reader,
  page: { path: string; isStill: boolean },
): Html {
  const lines = progress.filter(({ state }) => state !== 'notOffered');
  const ended = lines.filter(({ state }) => state === 'read' || state === 'failed').length;
  const bar =
    lines.length === 0
      ? ''
      : html`<progress max="${lines.length}" value="${ended}" aria-labelledby="reading"></progress>`;
  return html`<section id="progress" !${underWay ? 'data-live' : ''}>
<h2 id="reading">${lines.length > 0 && ended === lines.length ? 'What has been read' : 'What is being read'}</h2>
<p class="status">${statusText(lines, ended, underWay)}</p>
!${bar}
!${underWay ? refreshNote(page) : ''}
!${list(lines, reader)}
</section>
<p class="hidden" role="status" id="announcement"></p>`;
}

function statusText(lines: readonly TypeProgress[], ended: number, underWay: boolean): string {
  if (lines.length === 0) return 'Reading starts in a moment.';
  if (ended < lines.length) {
    const soFar = `${ended} of ${lines.length} done.`;
    return underWay
      ? `${soFar} This goes on by itself; you need not wait.`
      : `${soFar} The rest follows by itself.`;
  }
  return lines.some(({ state }) => state === 'failed')
    ? 'Most of it has been read; the rest is tried again by itself.'
    : 'Everything has been read.';
}

/** Without scripts the page loads itself anew, which somebody who listens to it may not want. */
function refreshNote({ path, isStill }: { path: string; isStill: boolean }): Html {
  const way = isStill
    ? html`<a href="${path}?still=1">Load the page again</a> to see how far it is.`
    : html`This page loads itself anew. <a href="${path}?still=1">Stop that</a>`;
  return html`<noscript><p class="small">!${way}</p></noscript>`;
}

function list(lines: readonly TypeProgress[], reader: Reader): Html {
  if (lines.length === 0) return '';
  const items = lines.map(
    (line) =>
      html`<li data-state="${line.state}"><strong>${dataDescriptions[line.dataType].label}</strong> <span>${stateText(line, reader)}</span></li>`,
  );
  return html`<ul class="progress">
!${items.join('\n')}
</ul>`;
}

function stateText({ state, records }: TypeProgress, { locale }: Reader): string {
  const count = `${records.toLocaleString(locale)} ${records === 1 ? 'record' : 'records'}`;
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
