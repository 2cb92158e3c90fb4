import { html } from 'ghtml';
import type { CompanyView } from '../../../link/company-page.ts';
import { dataDescriptions } from '../../../link/data-descriptions.ts';
import { companyPath, connectionPath, type Html, layout, nameOf, type PageAssets } from './layout.ts';

/** The hosted page on which a small business picks its platform, and reads what it agrees to. */
export function companyPage(assets: PageAssets, view: CompanyView): Html {
  if (view.linked !== undefined) return alreadyLinkedPage(assets, view, view.linked);
  if (view.platforms.length === 0) return noPlatformPage(assets, view);
  const lender = nameOf(view.lenderName);
  const choices = view.platforms.map(
    ({
      manifest,
    }) => html`<li><button class="platform" type="submit" name="platformKey" value="${manifest.platformKey}">
<img src="${assets.logoPath(manifest.platformKey)}" alt="" width="48" height="48">
<span>${manifest.name}</span></button></li>`,
  );
  return layout(assets, {
    title: 'Connect your accounting software',
    content: html`<h1>Connect your accounting software</h1>
<p>!${lender} asks to read the books of !${nameOf(view.companyName)}.</p>
<h2 id="choose">Which software do you use?</h2>
<p>You agree to what is written below by choosing. !${signInNote(view, lender)}</p>
<form method="post" action="${companyPath(view.companyId)}">
<ul class="platforms" aria-labelledby="choose">
!${choices.join('\n')}
</ul>
</form>
!${dataSection(view)}
<h2>Help</h2>
<p>Not sure which one is yours? It is where you write your invoices. If it is not in the list, or something here is unclear, please ask !${lender}.</p>`,
  });
}

/** Where the password goes: software that lets nobody sign in at its own pages is connected by a form of ours. */
function signInNote({ platforms }: CompanyView, lender: Html): Html {
  const byForm = platforms.filter(({ oauth2 }) => oauth2 === undefined).map(({ manifest }) => manifest.name);
  const atPlatform = 'You then sign in at the software itself and confirm there';
  if (byForm.length === 0) return html`${atPlatform}; neither !${lender} nor this page sees your password.`;
  return html`${atPlatform}. For ${byForm.join(', ')} you enter user name and password on the next page, where they are kept encrypted. !${lender} never sees your password.`;
}

/** What a small business agrees to. */
export function dataSection({ platforms, lenderName }: Pick<CompanyView, 'platforms' | 'lenderName'>): Html {
  const offered = new Set(platforms.flatMap(({ manifest }) => [...manifest.dataTypes.keys()]));
  const lines = [...offered].map((dataType) => {
    const { label, detail } = dataDescriptions[dataType];
    return html`<li><strong>${label}</strong>: ${detail}</li>`;
  });
  return html`<h2>What is read, and why</h2>
<p>!${nameOf(lenderName)} reads the following, so that it can see how the business is doing without asking you for papers. Your books are read and not changed, now and regularly, until you withdraw your consent.</p>
<ul class="data">
!${lines.join('\n')}
</ul>`;
}

function noPlatformPage(assets: PageAssets, { lenderName }: CompanyView): Html {
  return layout(assets, {
    title: 'Nothing to connect yet',
    content: html`<h1>Nothing to connect yet</h1>
<p>!${nameOf(lenderName)} has not switched on any accounting software so far.</p>
<p>Please tell !${nameOf(lenderName)}, and open this page again afterwards. The link stays the same.</p>`,
  });
}

function alreadyLinkedPage(
  assets: PageAssets,
  view: CompanyView,
  linked: NonNullable<CompanyView['linked']>,
): Html {
  const ids = { companyId: view.companyId, connectionId: linked.connectionId };
  const business = linked.businessName === null ? 'Your business' : nameOf(linked.businessName);
  return layout(assets, {
    title: 'Already connected',
    content: html`<h1>!${business} is already connected</h1>
<p>!${nameOf(view.lenderName)} reads its books at ${linked.platformName}. There is nothing left to do.</p>
<p>If you were asked to give access again, or want to withdraw it, sign in once more. Until you have confirmed there, everything stays as it is.</p>
<p><a class="button" href="${connectionPath(ids, 'start')}">Sign in at ${linked.platformName} again</a></p>`,
  });
}
