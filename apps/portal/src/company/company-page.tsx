import { Group, Text } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import { Page } from '../ui/page.tsx';
import { LinkStatusBadge } from '../ui/status-badge.tsx';
import { Ago } from '../ui/time.tsx';
import classes from './company.module.css';
import { useCurrentCompany } from './company-context.tsx';

const places = [
  { to: '', label: 'Overview' },
  { to: 'data', label: 'Data' },
  { to: 'statements', label: 'Statements' },
  { to: 'history', label: 'History' },
  { to: 'schedule', label: 'Schedule' },
] as const;

export type Place = (typeof places)[number]['label'];

/** One of the places of a company: its name above, and the way to the other places. */
export function CompanyPage(props: {
  place: Place;
  /** What exactly is shown, for the document's title. */
  detail?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { place, detail = place, actions, children } = props;
  const company = useCurrentCompany();
  // After the page below has named the document for the company alone.
  useEffect(() => {
    document.title = `${detail} · ${company.name} · Tributary`;
  }, [detail, company.name]);
  return (
    <Page
      title={company.name}
      trail={[{ label: 'Companies', to: '/companies' }]}
      actions={actions}
      lead={
        <Group gap="xs" component="span">
          <LinkStatusBadge status={company.status} />
          {company.platform && (
            <Text span size="sm">
              {company.platform}
            </Text>
          )}
          <Text span size="sm">
            {company.lastSync ? (
              <>
                · last sync <Ago at={company.lastSync} />
              </>
            ) : (
              '· never synced'
            )}
          </Text>
        </Group>
      }
    >
      <nav aria-label="Company">
        <ul className={classes['places']}>
          {places.map(({ to, label }) => (
            <li key={to}>
              <Link
                to={`/companies/${company.id}${to && `/${to}`}`}
                className={classes['place']}
                aria-current={label === place ? 'page' : undefined}
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </Page>
  );
}

/** The way to a page below one of the places of a company. */
export function useTrail(below: readonly { label: string; to: string }[]) {
  const company = useCurrentCompany();
  const base = `/companies/${company.id}`;
  return [
    { label: 'Companies', to: '/companies' },
    { label: company.name, to: base },
    ...below.map(({ label, to }) => ({ label, to: `${base}/${to}` })),
  ];
}
