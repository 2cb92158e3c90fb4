export { audit } from './audit.ts';
export { launchChromium, requireChromium } from './chromium.ts';
export { type Visit, visit } from './visit.ts';
