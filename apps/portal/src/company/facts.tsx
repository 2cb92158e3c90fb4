import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** Names and values, side by side where there is room. What has no value is left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes['facts']}>
      {facts
        .filter(([, value]) => value !== undefined && value !== '' && value !== null && value !== false)
        .map(([name, value]) => (
          <div key={name} className={classes['fact']}>
            <dt className={classes['name']}>{name}</dt>
            <dd className={classes['value']}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
