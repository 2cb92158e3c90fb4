import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconBuildingStore, IconPlus, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useCompanies } from '../../api/companies.ts';
import type { Company, CompanyStatus } from '../../api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { CompanyTable } from './company-table.tsx';
import { CreateCompany } from './create-company.tsx';
import { LinkUrlDialog } from './link-url-dialog.tsx';

const pageSize = 25;
const searchDelayMs = 250;

const statuses: { value: CompanyStatus | ''; label: string }[] = [
  { value: '', label: 'Every status' },
  { value: 'Blank', label: 'Not opened' },
  { value: 'PendingAuth', label: 'Waiting for consent' },
  { value: 'Linked', label: 'Linked' },
  { value: 'Deauthorised', label: 'Access revoked' },
];

const orders = [
  { value: '-created', label: 'Newest first' },
  { value: 'created', label: 'Oldest first' },
  { value: 'name', label: 'Name' },
  { value: '-lastSync', label: 'Last sync' },
];

/** The list's search as the address has it, so that it can be shared and gone back to. */
function useSearch() {
  const [parameters, setParameters] = useSearchParams();
  const page = Math.max(1, Math.trunc(Number(parameters.get('page') ?? '1')) || 1);
  const search = {
    name: parameters.get('name') ?? '',
    status: (statuses.find(({ value }) => value === parameters.get('status'))?.value ?? '') as
      | CompanyStatus
      | '',
    orderBy: orders.find(({ value }) => value === parameters.get('orderBy'))?.value ?? '-created',
    page,
  };
  /** Another search begins at its first page. */
  const change = (changed: Record<string, string>) => {
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (!('page' in changed)) next.delete('page');
        for (const [name, value] of Object.entries(changed)) {
          if (value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  };
  return { search, change };
}

export default function CompaniesPage() {
  const { search, change } = useSearch();
  const [typed, setTyped] = useState(search.name);
  const [settled] = useDebouncedValue(typed.trim(), searchDelayMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed starts a search, not what the address becomes by it
  useEffect(() => {
    if (settled !== search.name) change({ name: settled });
  }, [settled]);
  const [isCreating, creating] = useDisclosure();
  const [shown, setShown] = useState<Company>();
  const companies = useCompanies({ ...search, pageSize });
  const isFiltered = search.name !== '' || search.status !== '';
  const create = (
    <GuardedButton
      permission="manageCompanies"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={creating.open}
    >
      New company
    </GuardedButton>
  );
  return (
    <Page
      title="Companies"
      lead="The small businesses whose books you read. Send each its link; it chooses its platform and consents there."
      actions={create}
    >
      <Section title="All companies">
        <Group gap="sm">
          <TextInput
            type="search"
            aria-label="Search by name"
            placeholder="Search by name"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            flex="1 1 14rem"
            maxLength={200}
            dir="auto"
          />
          <Select
            aria-label="Status"
            data={statuses}
            value={search.status}
            onChange={(status) => change({ status: status ?? '' })}
            allowDeselect={false}
            w={190}
          />
          <Select
            aria-label="Order"
            data={orders}
            value={search.orderBy}
            onChange={(orderBy) => change({ orderBy: orderBy ?? '' })}
            allowDeselect={false}
            w={150}
          />
        </Group>
        <QueryView query={companies} lines={6}>
          {(page) => {
            if (page.totalResults === 0 && !isFiltered) {
              return (
                <EmptyState icon={IconBuildingStore} title="No companies yet" action={create}>
                  Create one for a business that you lend to. You get a link that you send to it; when it has
                  consented, its books appear here.
                </EmptyState>
              );
            }
            if (page.results.length === 0) {
              const clear = () => {
                setTyped('');
                change({ name: '', status: '' });
              };
              return (
                <EmptyState
                  icon={IconSearchOff}
                  title="No company matches"
                  action={
                    <Button variant="default" onClick={clear}>
                      Show all companies
                    </Button>
                  }
                >
                  Try another part of the name, or another status.
                </EmptyState>
              );
            }
            return (
              <>
                <CompanyTable
                  companies={page.results}
                  isStale={companies.isPlaceholderData}
                  onViewLink={setShown}
                />
                <Pager
                  page={search.page}
                  pageSize={pageSize}
                  total={page.totalResults}
                  label="Pages of companies"
                  onChange={(next) => change({ page: next === 1 ? '' : String(next) })}
                />
              </>
            );
          }}
        </QueryView>
      </Section>
      <CreateCompany
        opened={isCreating}
        onClose={creating.close}
        onCreated={(company) => {
          creating.close();
          setShown(company);
        }}
      />
      <LinkUrlDialog company={shown} onClose={() => setShown(undefined)} />
    </Page>
  );
}
