import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const animationsEnd = `Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().iterations !== Infinity)
    .map((animation) => animation.finished),
)`;

/** The serious and critical violations of the page as it stands, one line each with the elements concerned. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Colours on their way from one to the other are nobody's to judge.
  await page.evaluate(animationsEnd);
  // Through the debugger: the page's Content-Security-Policy need not allow it.
  await page.evaluate(axeSource);
  const results: AxeResults = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => {
      const places = nodes.map(({ target, failureSummary }) => `  ${target.join(' ')}: ${failureSummary}`);
      return `${id}: ${help}\n${places.join('\n')}`;
    });
}
