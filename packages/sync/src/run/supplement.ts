/** Pure: what a client's configuration picks out of a platform's record. */
import { parseSelectable, selectMembers } from '@tributary/model';
import type { SupplementalConfig } from '@tributary/store';
import type { Supplement } from './page.ts';

/** @returns undefined when the configuration wants nothing */
export function supplementOf(config: SupplementalConfig): Supplement | undefined {
  const groups = Object.entries(config).filter(([, { pullData = {} }]) => Object.keys(pullData).length > 0);
  if (groups.length === 0) return undefined;
  return (raw) => {
    const record = parseSelectable(raw);
    return Object.fromEntries(
      groups.map(([name, { pullData = {} }]) => [name, selectMembers(record, pullData)]),
    );
  };
}
