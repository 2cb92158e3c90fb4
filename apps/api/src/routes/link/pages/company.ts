import type { Connector } from '@tributary/connector-kit';
import { html } from 'ghtml';
import { type CompanyView, isMeant, type KnownConnection } from '../../../link/company-page.ts';
import { consentSection, promises } from './consent.ts';
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

/** A search among fewer would only be in the way. */
const searchedFrom = 2;

/**
 * The hosted page on which a small business picks its platform, and reads what it agrees to.
 * @param typed what was typed into the search, if anything
 */
export function companyPage(assets: PageAssets, view: CompanyView, typed = ''): Html {
  if (view.linked !== undefined) return alreadyLinkedPage(assets, view, view.linked);
  if (view.platforms.length === 0) return noPlatformPage(assets, view);
  const lender = nameOf(view.lender.name);
  return layout(assets, {
    title: 'Connect your accounting software',
    lender: view.lender,
    content: html`<h1>Connect your accounting software</h1>
<p class="lead">!${lender} asks to read the books of !${nameOf(view.companyName)}.</p>
!${promises(view.platforms)}
!${view.ended === undefined ? '' : endedNotice(view.ended, lender)}
<h2 id="choose">Which software do you use?</h2>
<p>You agree to <a href="#consent">what is written below</a> by choosing.</p>
!${view.platforms.length < searchedFrom ? '' : searchForm(view, typed)}
!${platformList(assets, view, typed)}
<p>!${signInNote(view, lender)}</p>
!${consentSection(view.platforms, view.lender)}
<h2>Not sure?</h2>
<p>Your accounting software is where you write your invoices. If it is not in the list, please ask !${lender}.</p>`,
  });
}

function endedNotice(ended: KnownConnection, lender: Html): Html {
  const books =
    ended.businessName === null ? 'your books' : html`the books of !${nameOf(ended.businessName)}`;
  return html`<div class="notice"><p><strong>Please connect again.</strong> !${lender} can no longer read !${books} at ${ended.platformName}. What was read before is still there.</p></div>`;
}

function searchForm(view: CompanyView, typed: string): Html {
  return html`<form class="search" role="search" method="get" action="${companyPath(view.companyId)}">
<label for="search">Find your software</label>
<div class="row"><input id="search" name="q" type="search" value="${typed}" maxlength="100" autocomplete="off" spellcheck="false">
<button class="button plain" type="submit">Search</button></div>
</form>`;
}

function platformList(assets: PageAssets, view: CompanyView, typed: string): Html {
  const found = view.platforms.filter((platform) => isMeant(platform, typed));
  const isFirst = ({ manifest }: Connector): boolean => manifest.platformKey === view.ended?.platformKey;
  const ordered = [...view.platforms].sort((one, other) => Number(isFirst(other)) - Number(isFirst(one)));
  const choices = ordered.map((platform) => {
    const { manifest } = platform;
    const sign = isFirst(platform) ? 'Connect again' : signInKind(platform);
    return html`<li data-search="${`${manifest.name} ${manifest.word}`}" !${found.includes(platform) ? '' : 'hidden'}><button class="platform" type="submit" name="platformKey" value="${manifest.platformKey}">
<img src="${assets.logoPath(manifest.platformKey)}" alt="" width="48" height="48">
<span class="platform-name">${manifest.name} <span class="small">${sign}</span></span>!${icons.chevron}</button></li>`;
  });
  const nothing = found.length > 0 ? 'hidden' : '';
  return html`<p class="found small" role="status">${typed === '' ? '' : foundText(found.length)}</p>
<form method="post" action="${companyPath(view.companyId)}">
<ul class="platforms" aria-labelledby="choose">
!${choices.join('\n')}
</ul>
</form>
<p class="nothing-found" !${nothing}>None of the software that !${nameOf(view.lender.name)} can read is called that. <a href="${companyPath(view.companyId)}">Show all</a></p>`;
}

const foundText = (count: number): string => (count === 1 ? '1 found' : `${count} found`);

const signInKind = ({ oauth2 }: Connector): string =>
  oauth2 === undefined ? 'With user name and password' : 'You sign in there';

/** Where the password goes: software that lets nobody sign in at its own pages is connected by a form of ours. */
function signInNote({ platforms }: CompanyView, lender: Html): Html {
  const byForm = platforms.filter(({ oauth2 }) => oauth2 === undefined).map(({ manifest }) => manifest.name);
  const atPlatform = 'You then sign in at the software itself and confirm there';
  if (byForm.length === 0) return html`${atPlatform}; neither !${lender} nor this page sees your password.`;
  return html`${atPlatform}. For ${byForm.join(', ')} you enter user name and password on the next page, where they are kept encrypted. !${lender} never sees your password.`;
}

function noPlatformPage(assets: PageAssets, { lender }: CompanyView): Html {
  const name = nameOf(lender.name);
  return layout(assets, {
    title: 'Nothing to connect yet',
    lender,
    content: html`<div class="mark wait">!${icons.clock}</div>
<h1>Nothing to connect yet</h1>
<p class="lead">!${name} has not switched on any accounting software so far.</p>
<p>Please tell !${name}, and open this page again afterwards. The link stays the same.</p>`,
  });
}

function alreadyLinkedPage(assets: PageAssets, view: CompanyView, linked: KnownConnection): Html {
  const ids = { companyId: view.companyId, connectionId: linked.connectionId };
  const business = linked.businessName === null ? 'Your business' : nameOf(linked.businessName);
  const name = nameOf(view.lender.name);
  return layout(assets, {
    title: 'Already connected',
    lender: view.lender,
    content: html`<div class="mark good">!${icons.check}</div>
<h1>!${business} is already connected</h1>
<p class="lead">!${name} reads its books at ${linked.platformName}. There is nothing left to do.</p>
<p>If you were asked to give access again, or want to withdraw it, sign in once more. Until you have confirmed there, everything stays as it is.</p>
<p class="actions">!${linkButton(connectionPath(ids, 'start'), html`Sign in at ${linked.platformName} again`, 'plain')}</p>`,
  });
}
