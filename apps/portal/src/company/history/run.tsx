import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { toastDone } from '../../app/toasts.ts';
import { dataTypeTitle } from '../../format/data-types.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatCount } from '../../format/money.ts';
import { NotFound } from '../../shell/not-found.tsx';
import { Confirmation } from '../../ui/confirmation.tsx';
import { CopyText } from '../../ui/copy.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { Instant } from '../../ui/time.tsx';
import { isMissing, useCancelPull } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { useTrail } from '../company-page.tsx';
import { Facts } from '../facts.tsx';
import { dataPlace } from '../places.ts';
import { RunBadge } from '../run-badge.tsx';
import { hasFailed, isRunning, wordsOf } from '../run-words.ts';
import { type PullFigures, type PullOperation, usePull } from './api.ts';
import { Findings } from './findings.tsx';
import { UpstreamRequests } from './upstream-requests.tsx';

const triggers: Readonly<Record<string, string>> = {
  firstLink: 'When the company linked',
  request: 'By request',
  schedule: 'By schedule',
};

const listings: Readonly<Record<string, string>> = {
  initial: 'Everything, for the first time',
  full: 'Everything',
  incremental: 'What changed since the last sync',
};

/** One sync of one data type. */
export default function RunPage() {
  const company = useCurrentCompany();
  const { pullId = '' } = useParams();
  const query = usePull(company.id, pullId);
  const trail = useTrail([{ label: 'History', to: 'history' }]);
  if (isMissing(query.error)) return <NotFound />;
  const pull = query.data?.pull;
  const isLive = pull !== undefined && isRunning(pull.status);
  return (
    <Page
      title={pull ? `Sync of ${dataTypeTitle(pull.dataType).toLowerCase()}` : 'Sync'}
      trail={trail}
      lead={
        pull && (
          <>
            <RunBadge status={pull.status} ended /> <Instant at={pull.requested} />
          </>
        )
      }
      actions={pull && <Actions pull={pull} isLive={isLive} />}
    >
      <QueryView query={query} lines={8}>
        {({ pull: shown, figures }) => (
          <>
            <Outcome pull={shown} isLive={isLive} />
            <Figures pull={shown} figures={figures} />
            <Findings pull={shown} isLive={isLive} />
            <UpstreamRequests pullId={pullId} isLive={isLive} />
          </>
        )}
      </QueryView>
    </Page>
  );
}

function Actions({ pull, isLive }: { pull: PullOperation; isLive: boolean }) {
  const company = useCurrentCompany();
  const cancel = useCancelPull(company.id);
  const [isAsked, setAsked] = useState(false);
  const place = dataPlace(pull);
  return (
    <>
      {place !== undefined && (
        <Button component={Link} to={`/companies/${company.id}/${place}`} variant="default">
          See the data
        </Button>
      )}
      {isLive && (
        <GuardedButton permission="syncCompanies" variant="default" onClick={() => setAsked(true)}>
          Cancel sync
        </GuardedButton>
      )}
      <Confirmation
        opened={isAsked}
        onClose={() => setAsked(false)}
        title="Cancel this sync?"
        confirm="Cancel sync"
        isPending={cancel.isPending}
        error={cancel.error}
        onConfirm={() =>
          cancel.mutate(pull.id, {
            onSuccess: () => {
              setAsked(false);
              toastDone('The sync was cancelled.');
            },
          })
        }
      >
        What was read until now is kept. The next sync goes on from there.
      </Confirmation>
    </>
  );
}

function Outcome({ pull, isLive }: { pull: PullOperation; isLive: boolean }) {
  if (isLive) {
    return (
      <Section title="Under way">
        <Stack gap="xs">
          <Text size="sm" role="status">
            {pull.statusDescription ?? wordsOf(pull.status).label} · {pull.progress} %
          </Text>
          <Progress value={pull.progress} animated striped aria-label="Progress of this sync" />
        </Stack>
      </Section>
    );
  }
  const { advice, color } = wordsOf(pull.status);
  if (advice === undefined && !pull.errorMessage) return null;
  return (
    <Alert
      color={hasFailed(pull.status) ? color : 'gray'}
      title={pull.errorMessage ?? wordsOf(pull.status).label}
    >
      {advice}
    </Alert>
  );
}

function Figures({ pull, figures }: { pull: PullOperation; figures: PullFigures }) {
  const company = useCurrentCompany();
  const platform = company.dataConnections.find(({ id }) => id === pull.connectionId)?.platformName;
  const ended = pull.completed && Date.parse(pull.completed);
  const started = figures.started && Date.parse(figures.started);
  return (
    <Section title="Figures">
      <Facts
        facts={[
          ['Started', figures.started && <Instant at={figures.started} />],
          ['Waited', started && formatDuration(started - Date.parse(pull.requested))],
          ['Took', started && ended ? formatDuration(ended - started) : undefined],
          ['Asked for', triggers[figures.trigger] ?? figures.trigger],
          ['Read', figures.listing && (listings[figures.listing] ?? figures.listing)],
          ['Platform', platform],
          ['Pages', formatCount(figures.pages)],
          ['Records read', formatCount(figures.recordsRead)],
          ['New', formatCount(figures.inserted)],
          ['Changed', formatCount(figures.changed)],
          ['Unchanged', formatCount(figures.unchanged)],
          ['Deleted', formatCount(figures.deleted)],
          ['Put aside', figures.quarantined > 0 ? formatCount(figures.quarantined) : undefined],
          ['Warnings', formatCount(figures.warnings)],
        ]}
      />
      <Group>
        <CopyText label="run id" value={pull.id} />
      </Group>
    </Section>
  );
}
