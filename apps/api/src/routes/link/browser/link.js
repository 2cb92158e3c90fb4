// @ts-check
/**
 * What scripts add to the Link pages, which work without them: the search answers while it is typed into, the password can be shown,
 * forms are sent once, and the progress of the first sync moves by itself.
 */

/** @param {string} text */
const plain = (text) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, '');

function searchWhileTyping() {
  const field = document.querySelector('#search');
  const status = document.querySelector('.found');
  const nothing = document.querySelector('.nothing-found');
  if (!(field instanceof HTMLInputElement) || status === null || !(nothing instanceof HTMLElement)) return;
  const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-search]')]);
  const show = () => {
    const typed = plain(field.value);
    for (const item of items) item.hidden = !plain(item.dataset['search'] ?? '').includes(typed);
    const count = items.filter((item) => !item.hidden).length;
    nothing.hidden = count > 0;
    status.textContent = typed === '' ? '' : `${count} found`;
  };
  field.addEventListener('input', show);
  show();
}

function offerToShowPassword() {
  const field = document.querySelector('input[type="password"]');
  if (!(field instanceof HTMLInputElement)) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button plain';
  button.setAttribute('aria-controls', field.id);
  const show = (/** @type {boolean} */ isShown) => {
    field.type = isShown ? 'text' : 'password';
    button.textContent = isShown ? 'Hide' : 'Show';
    button.setAttribute('aria-label', isShown ? 'Hide password' : 'Show password');
  };
  button.addEventListener('click', () => show(field.type === 'password'));
  // A browser keeps what was entered into a text field, and may offer it to anybody.
  field.form?.addEventListener('submit', () => show(false));
  show(false);
  field.after(button);
}

/** A second click while the answer is on its way does nothing, and says why. */
function sendFormsOnce() {
  for (const form of document.querySelectorAll('form')) {
    if (form.method !== 'post') continue;
    /** @type {(() => void) | undefined} */
    let restore;
    form.addEventListener('submit', (event) => {
      if (restore !== undefined) {
        event.preventDefault();
        return;
      }
      const button = event.submitter;
      const label = button?.textContent ?? '';
      const busy = button?.dataset['busy'];
      form.setAttribute('aria-busy', 'true');
      if (button !== null && busy !== undefined) button.textContent = busy;
      restore = () => {
        restore = undefined;
        form.removeAttribute('aria-busy');
        if (button !== null && busy !== undefined) button.textContent = label;
      };
    });
    // The back button may bring the page as it was left.
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) restore?.();
    });
  }
}

const lookAgainMs = 2_500;
const lookAgainAfterFailureMs = 10_000;

/** Fetches the page again and takes the part that moves, for as long as the server says that it does. */
function followProgress() {
  const announcement = document.querySelector('#announcement');
  let told = document.querySelector('#progress .status')?.textContent ?? '';

  const look = async () => {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok) return answer.status < 500 ? location.reload() : later(lookAgainAfterFailureMs);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const now = page.querySelector('#progress');
    const before = document.querySelector('#progress');
    // The connection has ended meanwhile: the page is another one.
    if (now === null || before === null) return location.reload();
    before.replaceWith(document.adoptNode(now));
    const text = now.querySelector('.status')?.textContent ?? '';
    if (announcement !== null && text !== told) announcement.textContent = text;
    told = text;
    if (now.hasAttribute('data-live')) later(lookAgainMs);
  };
  const later = (/** @type {number} */ ms) => {
    setTimeout(() => {
      if (document.hidden) return document.addEventListener('visibilitychange', run, { once: true });
      return run();
    }, ms);
  };
  const run = () => {
    look().catch(() => later(lookAgainAfterFailureMs));
  };
  if (document.querySelector('#progress[data-live]') !== null) later(lookAgainMs);
}

/** Instants in the reader's own time. */
function localiseTimes() {
  for (const element of document.querySelectorAll('time')) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const locale = navigator.languages.find((language) => language.startsWith('en')) ?? 'en-GB';
    element.textContent = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(
      at,
    );
  }
}

searchWhileTyping();
offerToShowPassword();
sendFormsOnce();
followProgress();
localiseTimes();
const problem = document.querySelector('[autofocus]');
if (problem instanceof HTMLElement) problem.focus();
