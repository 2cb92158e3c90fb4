const key = 'portal-reloaded-at';
const pauseMs = 60_000;

/**
 * After an update the server no longer has the files that an open page still names. The page then loads itself anew,
 * at most once a minute: should the files be missing for good, its error is shown.
 */
export function reloadWhenReplaced(page: Window): void {
  page.addEventListener('vite:preloadError', (event) => {
    const last = Number(page.sessionStorage.getItem(key) ?? 0);
    if (Date.now() - last < pauseMs) return;
    page.sessionStorage.setItem(key, String(Date.now()));
    event.preventDefault();
    page.location.reload();
  });
}
