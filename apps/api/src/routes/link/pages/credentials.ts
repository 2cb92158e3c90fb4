import { html } from 'ghtml';
import type { CredentialsForm } from '../../../link/credentials.ts';
import { consentSection, promises } from './consent.ts';
import { icons } from './icons.ts';
import { companyPath, connectionPath, type Html, layout, nameOf, type PageAssets } from './layout.ts';

/** The form for user name and password of a platform that has nothing better; also the answer to what it did not accept. */
export function credentialsPage(
  assets: PageAssets,
  { link, state, username = '', problem }: CredentialsForm,
): Html {
  const { connection, connector, lender } = link;
  const { manifest, credentials } = connector;
  const labels = credentials?.labels ?? { username: 'User name', password: 'Password' };
  const ids = { companyId: connection.companyId, connectionId: connection.id };
  const name = nameOf(lender.name);
  const wrong = problem === undefined ? '' : html`aria-invalid="true" aria-describedby="problem"`;
  return layout(assets, {
    title: problem === undefined ? `Connect ${manifest.name}` : `Error: Connect ${manifest.name}`,
    lender,
    content: html`<div class="heading"><img src="${assets.logoPath(manifest.platformKey)}" alt="" width="56" height="56">
<h1>Connect ${manifest.name}</h1></div>
!${problem === undefined ? '' : problemSummary(problem)}
<p class="lead">!${name} asks to read your books at ${manifest.name}.</p>
!${promises([connector])}
<p>${credentials?.instructions ?? ''}</p>
<form method="post" action="${connectionPath(ids, 'start')}">
<input type="hidden" name="state" value="${state}">
<div class="field"><label for="username">${labels.username}</label>
<input id="username" name="username" type="text" value="${username}" required maxlength="200" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" dir="auto" !${wrong}></div>
<div class="field"><label for="password">${labels.password}</label>
<div class="row"><input id="password" name="password" type="password" required maxlength="200" autocomplete="current-password" autocapitalize="none" spellcheck="false" !${wrong}></div></div>
<p class="small">By connecting you agree to <a href="#consent">what is written below</a>. What you enter is tried at ${manifest.name} at once, and kept encrypted for working with your books; !${name} does not see it.</p>
<p><button class="button" type="submit" data-busy="${`Asking ${manifest.name} …`}">Connect</button></p>
</form>
<p class="small">Not your software? <a href="${companyPath(connection.companyId)}">Choose other software</a></p>
!${consentSection([connector], lender)}`,
  });
}

/** Stands above the form, takes the focus, and leads to the field. */
function problemSummary(problem: string): Html {
  return html`<div class="problem" role="alert" tabindex="-1" autofocus>
<h2>!${icons.alert} That did not work</h2>
<p id="problem">${problem}</p>
<p><a href="#username">Go to the form</a></p>
</div>`;
}
