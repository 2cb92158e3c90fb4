/** Drawings of the Link pages, all of our own: lines in the colour of the text, of no meaning to a screen reader. */
import { html } from 'ghtml';
import type { Html } from './layout.ts';

const icon = (paths: Html): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">!${paths}</svg>`;

export const icons = {
  check: icon('<path d="m5 12.5 4.5 4.5L19 7.5"/>'),
  chevron: icon('<path d="m9 5 7 7-7 7"/>'),
  alert: icon('<path d="M12 4 2.8 19.5h18.4L12 4Z"/><path d="M12 10v4.5M12 17v.1"/>'),
  clock: icon('<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/>'),
  broken: icon(
    '<path d="M9 15 6.5 17.5a3.5 3.5 0 0 1-5-5L5 9"/><path d="M15 9l2.5-2.5a3.5 3.5 0 0 1 5 5L19 15"/><path d="M4 4l2 2M20 20l-2-2"/>',
  ),
  shield: icon(
    '<path d="M12 3.5 5 6v5.5c0 4.2 2.9 7.4 7 9 4.1-1.6 7-4.8 7-9V6l-7-2.5Z"/><path d="m9 12 2.2 2.2L15.2 10"/>',
  ),
  eye: icon(
    '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/><circle cx="12" cy="12" r="2.8"/>',
  ),
  undo: icon('<path d="M4 9h10a5.5 5.5 0 0 1 0 11H9"/><path d="M8 4.5 3.5 9 8 13.5"/>'),
  building: icon(
    '<path d="M4 20.5V6l8-3v17.5M12 9l8 2.5v9M2.5 20.5h19"/><path d="M7.5 9v.1M7.5 13v.1M7.5 17v.1M16 14v.1M16 17.5v.1"/>',
  ),
  sales: icon('<path d="M6 3h9l4 4v14H6Z"/><path d="M15 3v4h4M9.5 12h6M9.5 16h4"/>'),
  cart: icon(
    '<path d="M3 4h2.5l2.3 11h10l2.2-8H6.5"/><circle cx="9" cy="19.5" r="1.3"/><circle cx="17" cy="19.5" r="1.3"/>',
  ),
  bank: icon('<path d="M3.5 9.5 12 4l8.5 5.5h-17ZM5.5 9.5V17M10 9.5V17M14 9.5V17M18.5 9.5V17M3.5 20h17"/>'),
  chart: icon('<path d="M4 4v16h16"/><path d="m7.5 15 3.5-4 3 2.5L19 8"/>'),
} as const;
