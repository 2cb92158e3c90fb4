import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { Section } from '../../ui/section.tsx';
import { Ago } from '../../ui/time.tsx';
import classes from './home.module.css';
import type { Summary } from './summary.ts';

/** Whose books were read last. */
export function RecentSyncs({ syncs }: { syncs: Summary['lastSyncs'] }) {
  return (
    <Section title="Latest syncs">
      <ul className={classes['syncs']}>
        {syncs.map(({ connectionId, companyId, companyName, lastSync }) => (
          <li key={connectionId} className={classes['sync']}>
            <Anchor
              component={Link}
              to={`/companies/${companyId}`}
              c="inherit"
              fw={500}
              className={classes['syncName']}
            >
              <bdi>{companyName}</bdi>
            </Anchor>
            <Text size="sm" c="dimmed" component="span" style={{ whiteSpace: 'nowrap' }}>
              <Ago at={lastSync} />
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  );
}
