import { Button } from '@mantine/core';
import { IconBuildingStore } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { Link, Navigate, Route, Routes, useParams } from 'react-router';
import { useCompany } from '../api/companies.ts';
import { NotFound } from '../shell/not-found.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Loading } from '../ui/query-view.tsx';
import { isMissing } from './api.ts';
import { CompanyContext } from './company-context.tsx';

const Overview = lazy(() => import('./overview/index.tsx'));
const Schedule = lazy(() => import('./overview/schedule.tsx'));
const History = lazy(() => import('./history/index.tsx'));
const Run = lazy(() => import('./history/run.tsx'));
const Records = lazy(() => import('./data/index.tsx'));
const RecordPage = lazy(() => import('./data/record.tsx'));
const Statements = lazy(() => import('./statements/index.tsx'));

/** Somebody else may rename, link or erase the company meanwhile. */
const refetchMs = 30_000;

const trail = [{ label: 'Companies', to: '/companies' }];

/** Everything below `/companies/:companyId`. */
export default function CompanyPages() {
  const { companyId = '' } = useParams();
  const query = useCompany(companyId, refetchMs);
  if (isMissing(query.error)) return <NoSuchCompany />;
  if (query.data === undefined) {
    return (
      <Page title="Company" trail={trail}>
        {query.isError ? (
          <Problem error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loading lines={8} />
        )}
      </Page>
    );
  }
  return (
    <CompanyContext value={query.data}>
      <Suspense fallback={<Loading lines={8} />}>
        <Routes>
          <Route index element={<Overview />} />
          <Route path="schedule" element={<Schedule />} />
          <Route path="history" element={<History />} />
          <Route path="history/:pullId" element={<Run />} />
          <Route path="data/:dataType?" element={<Records />} />
          <Route path="data/:dataType/:recordId" element={<RecordPage />} />
          <Route path="statements" element={<Navigate to="profitAndLoss" replace />} />
          <Route path="statements/:statement" element={<Statements />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </CompanyContext>
  );
}

function NoSuchCompany() {
  return (
    <Page title="Company not found" trail={trail}>
      <EmptyState
        icon={IconBuildingStore}
        title="There is no such company"
        action={
          <Button component={Link} to="/companies">
            Go to the companies
          </Button>
        }
      >
        It may have been deleted, or the link belongs to another account.
      </EmptyState>
    </Page>
  );
}
