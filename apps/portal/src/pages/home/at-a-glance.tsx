import { Alert, Anchor } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { formatCount } from '../../format/money.ts';
import { Section } from '../../ui/section.tsx';
import classes from './home.module.css';
import type { Summary } from './summary.ts';

/** How many there are of what. */
export function AtAGlance({ summary }: { summary: Summary }) {
  const { companies, connections } = summary;
  const figures: readonly (readonly [string, number])[] = [
    ['Companies', companies],
    ['Linked connections', connections.Linked],
    ['Waiting for consent', connections.PendingAuth],
    ['Access revoked', connections.Deauthorized],
  ];
  return (
    <Section title="At a glance">
      <dl className={classes['figures']}>
        {figures.map(([name, count]) => (
          <div key={name} className={classes['figure']}>
            <dt>{name}</dt>
            <dd>{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
      {connections.Deauthorized > 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          Some businesses have revoked access, so their books are no longer read.{' '}
          <Anchor component={Link} to="/companies?status=Deauthorised" inherit underline="always">
            See which
          </Anchor>{' '}
          and send them their link again.
        </Alert>
      )}
    </Section>
  );
}
