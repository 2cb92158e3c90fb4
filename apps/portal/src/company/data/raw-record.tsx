import { Text } from '@mantine/core';
import { useResource } from '../../api/resource.ts';
import { Problem } from '../../ui/problem.tsx';
import { Loading } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { Instant } from '../../ui/time.tsx';
import { companyPath, isMissing } from '../api.ts';
import classes from './record.module.css';

interface Raw {
  readonly raw: unknown;
  readonly mappingVersion: number;
  readonly readAt: string;
}

/** The platform's own record, to the last digit. */
export function RawRecord(props: {
  companyId: string;
  connectionId: string;
  dataType: string;
  recordId: string;
}) {
  const { companyId, connectionId, dataType, recordId } = props;
  const query = useResource<Raw>(
    `/portal/api${companyPath(companyId)}/connections/${connectionId}/records/${dataType}/${encodeURIComponent(recordId)}/raw`,
  );
  return (
    <Section
      title="Platform’s record"
      description={
        query.data && (
          <>
            As the platform sent it. Last changed here <Instant at={query.data.readAt} />.
          </>
        )
      }
    >
      {query.data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard
        <section className={classes['rawScroller']} tabIndex={0} aria-label="Platform’s record, as text">
          <pre className={classes['raw']}>{JSON.stringify(query.data.raw, exactly, 2)}</pre>
        </section>
      )}
      {query.isPending && <Loading lines={8} />}
      {isMissing(query.error) && (
        <Text size="sm" c="dimmed">
          The platform has no such record: this one is made of others.
        </Text>
      )}
      {query.isError && !isMissing(query.error) && (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Section>
  );
}

/** Integers beyond what a double holds were parsed to `bigint`, which `JSON.stringify` does not write by itself. */
function exactly(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value;
}
