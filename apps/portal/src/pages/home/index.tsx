import { Stack } from '@mantine/core';
import { useSession } from '../../api/session.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { AtAGlance } from './at-a-glance.tsx';
import { Checklist } from './checklist.tsx';
import { RecentSyncs } from './recent-syncs.tsx';
import { useSummary } from './summary.ts';
import { TourOffer } from './tour-offer.tsx';

export default function HomePage() {
  const { user } = useSession();
  const summary = useSummary();
  return (
    <Page title="Home" lead={<>Welcome, {user.name}.</>}>
      <QueryView query={summary} lines={8}>
        {(data) => (
          <Stack gap="lg">
            <Checklist firstRun={data.firstRun} />
            {data.sandboxUrl !== undefined && <TourOffer />}
            {data.companies > 0 && <AtAGlance summary={data} />}
            {data.lastSyncs.length > 0 && <RecentSyncs syncs={data.lastSyncs} />}
          </Stack>
        )}
      </QueryView>
    </Page>
  );
}
