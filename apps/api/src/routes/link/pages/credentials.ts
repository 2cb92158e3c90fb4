import { html } from 'ghtml';
import type { CredentialsForm } from '../../../link/credentials.ts';
import { dataSection } from './company.ts';
import { connectionPath, type Html, layout, nameOf, type PageAssets } from './layout.ts';

/** The form for user name and password of a platform that has nothing better; also the answer to what it did not accept. */
export function credentialsPage(
  assets: PageAssets,
  { link, state, username = '', problem }: CredentialsForm,
): Html {
  const { connection, connector, lenderName } = link;
  const { manifest, credentials } = connector;
  const labels = credentials?.labels ?? { username: 'User name', password: 'Password' };
  const ids = { companyId: connection.companyId, connectionId: connection.id };
  return layout(assets, {
    title: `Connect ${manifest.name}`,
    content: html`<h1>Connect ${manifest.name}</h1>
!${problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`}
<p>!${nameOf(lenderName)} asks to read your books at ${manifest.name}. ${credentials?.instructions ?? ''}</p>
<form method="post" action="${connectionPath(ids, 'start')}">
<input type="hidden" name="state" value="${state}">
<p class="field"><label for="username">${labels.username}</label>
<input id="username" name="username" type="text" value="${username}" required maxlength="200" autocomplete="username" autocapitalize="none" spellcheck="false"></p>
<p class="field"><label for="password">${labels.password}</label>
<input id="password" name="password" type="password" required maxlength="200" autocomplete="current-password"></p>
<button class="button" type="submit">Connect</button>
</form>
<p class="small">By connecting you agree to what is written below. What you enter is tried at ${manifest.name} at once, and kept encrypted for reading your books; !${nameOf(lenderName)} does not see it.</p>
!${dataSection({ platforms: [connector], lenderName })}`,
  });
}
