import { useEffect, useState } from 'react';
import { formatAgo, formatInstant } from '../format/dates.ts';

const tickMs = 30_000;

/** An instant as “5 minutes ago”, kept current; the exact time stands in its title. */
export function Ago({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={formatInstant(at)}>
      {formatAgo(at, Math.max(now, Date.now() - tickMs))}
    </time>
  );
}

/** An instant with date and time. */
export function Instant({ at }: { at: string }) {
  return <time dateTime={at}>{formatInstant(at)}</time>;
}
