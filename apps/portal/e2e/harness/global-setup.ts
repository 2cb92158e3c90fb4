import { createDatabaseOn, templateDatabase } from '@tributary/testing';
import type { TestProject } from 'vitest/node';
import startServers from '../../../../scripts/test-servers.ts';
import { findChromium } from './chromium.ts';
import { type Stack, startStack } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the browser tests of this run share; null where there is no browser. */
    stack: (Stack & { readonly chromium: string }) | null;
  }
}

/** Starts one service for all browser tests of a run; each test file has a client of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chromium = findChromium();
  if (chromium === undefined) {
    project.provide('stack', null);
    return async () => undefined;
  }
  const stopServers = await startServers(project);
  try {
    const database = await createDatabaseOn(project.getProvidedContext().postgresUrl, templateDatabase);
    const { stop, ...stack } = await startStack(database.databaseUrl);
    project.provide('stack', { ...stack, chromium });
    return async () => {
      await stop();
      await stopServers();
    };
  } catch (error) {
    await stopServers();
    throw error;
  }
}
