import { defineConfig } from 'vitest/config';

const folders = '{apps,packages,scripts,bench}';
const neverTests = ['**/node_modules/**', '**/dist/**', '**/generated/**'];
/** Tests that talk to real servers; the setup below starts those once per run, and only when such a test is asked for. */
const serverTests = [`${folders}/**/*.{int,race}.test.ts`];
/** Tests in a real browser, against one running service. */
const browserTests = [`${folders}/**/*.e2e.test.ts`];

/** `npm test` asks for a summary file, from which it prints its closing line. */
const summaryFile = process.env['TEST_SUMMARY_FILE'];

export default defineConfig({
  test: {
    // For machines that are busy with other things: a test that hangs is found a minute later, one that is slow is no failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    maxWorkers: 2,
    reporters: summaryFile ? ['default', './scripts/vitest-summary.ts'] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: [`${folders}/**/*.test.ts`],
          exclude: [...neverTests, ...serverTests, ...browserTests],
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: serverTests,
          exclude: neverTests,
          globalSetup: ['./scripts/test-servers.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          // A browser beside the whole service on a busy machine: what fails twice is broken. The reporter names what needed a second try.
          retry: 1,
          include: browserTests,
          exclude: neverTests,
          globalSetup: ['./apps/portal/e2e/harness/global-setup.ts'],
        },
      },
    ],
  },
});
