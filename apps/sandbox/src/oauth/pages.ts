import { html } from 'ghtml';
import type { SandboxUser } from '../kashoo/catalogue.ts';

const STYLE = `
  :root { color-scheme: light dark; --ink: #17262f; --muted: #5d6f79; --paper: #ffffff; --back: #eef3f1; --line: #d4dfdb; --accent: #0b6e4f; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e8f0ed; --muted: #9db0aa; --paper: #18211f; --back: #0f1614; --line: #2d3b37; --accent: #3fbf90; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--back); color: var(--ink);
    font: 16px/1.5 system-ui, sans-serif; }
  main { width: 100%; max-width: 28rem; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 2rem; }
  h1 { margin: 0 0 .25rem; font-size: 1.35rem; line-height: 1.3; }
  p { margin: 0 0 1.25rem; color: var(--muted); }
  .brand { color: var(--accent); font-weight: 700; letter-spacing: .02em; margin-bottom: 1.25rem; }
  fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; }
  legend { font-weight: 600; margin-bottom: .5rem; padding: 0; }
  label { display: flex; gap: .75rem; align-items: baseline; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: 10px; margin-bottom: .5rem; cursor: pointer; }
  label:has(input:checked) { border-color: var(--accent); }
  input { accent-color: var(--accent); }
  small { display: block; color: var(--muted); }
  .actions { display: flex; gap: .75rem; }
  button { flex: 1; font: inherit; font-weight: 600; padding: .7rem 1rem; border-radius: 10px; border: 1px solid var(--line); background: none; color: inherit; cursor: pointer; }
  button.allow { background: var(--accent); border-color: var(--accent); color: var(--paper); }
  button:focus-visible, label:focus-within { outline: 3px solid color-mix(in srgb, var(--accent) 45%, transparent); outline-offset: 2px; }
`;

function page(title: string, content: string): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>!${STYLE}</style></head>
<body><main><div class="brand">Kashoo sandbox</div>!${content}</main></body>
</html>`;
}

/** The consent page: who signs in, and whether the application may read their books. A plain form that posts to its own URL. */
export function consentPage(options: {
  client: string;
  users: readonly SandboxUser[];
  preselected: bigint;
}): string {
  const choices = options.users.map(
    (
      user,
    ) => html`<label><input type="radio" name="user" value="${user.id.toString()}" required !${user.id === options.preselected ? 'checked' : ''}>
      <span>${user.name}<small>${user.email} · ${user.note}</small></span></label>`,
  );
  return page(
    'Allow access to your books?',
    html`<h1>“${options.client}” would like to read your books</h1>
    <p>It will see your businesses, accounts, contacts, items, taxes, invoices, bills and payments. You can withdraw this at any time.</p>
    <form method="post">
      <fieldset><legend>Sign in as</legend>!${choices.join('')}</fieldset>
      <div class="actions">
        <button type="submit" name="decision" value="allow" class="allow">Allow</button>
        <button type="submit" name="decision" value="deny">Deny</button>
      </div>
    </form>`,
  );
}

/** A request that cannot be answered by a redirect: nobody to send the browser back to, or nobody who may be trusted. */
export function refusalPage(reason: string): string {
  return page('This link does not work', html`<h1>This link does not work</h1><p>${reason}</p>`);
}
