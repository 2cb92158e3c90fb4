import type { PlatformFacts } from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';

/** What queries on connections can name of their platforms. */
export function platformFacts(connectors: AppDependencies['connectors']): PlatformFacts[] {
  return [...connectors.values()].map(
    ({ manifest: { platformKey, name, integrationId, sourceId, sourceType } }) => ({
      key: platformKey,
      name,
      integrationId,
      sourceId,
      sourceType,
    }),
  );
}
