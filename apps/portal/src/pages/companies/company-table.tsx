import { ActionIcon, Anchor, Button, Menu, Table, Text } from '@mantine/core';
import { IconDots, IconEye, IconLink, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useRefusal } from '../../api/permissions.ts';
import type { Company } from '../../api/types.ts';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { LinkStatusBadge } from '../../ui/status-badge.tsx';
import { Ago } from '../../ui/time.tsx';
import classes from './companies.module.css';
import { DeleteCompany } from './delete-company.tsx';
import { RenameCompany } from './rename-company.tsx';

/** What is asked for a company in the list. */
interface Asked {
  action: 'rename' | 'delete';
  company: Company;
}

export function CompanyTable(props: {
  companies: readonly Company[];
  /** The next page is being read. */
  isStale: boolean;
  onViewLink: (company: Company) => void;
}) {
  const { companies, isStale, onViewLink } = props;
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  return (
    <>
      <ScrollTable
        label="Companies"
        minWidth={680}
        aria-busy={isStale}
        data-stale={isStale || undefined}
        className={classes['table']}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Platform</Table.Th>
            <Table.Th>Last sync</Table.Th>
            <Table.Th>
              <span className={classes['hidden']}>Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {companies.map((company) => (
            <Table.Tr key={company.id}>
              <Table.Td className={classes['name']}>
                <Anchor component={Link} to={`/companies/${company.id}`} fw={600} c="inherit" lineClamp={3}>
                  <bdi>{company.name}</bdi>
                </Anchor>
                {company.description && (
                  <Text size="xs" c="dimmed" lineClamp={1}>
                    <bdi>{company.description}</bdi>
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <LinkStatusBadge status={company.status} />
              </Table.Td>
              <Table.Td>
                {platformNames(company) || (
                  <Text c="dimmed" size="sm">
                    None yet
                  </Text>
                )}
              </Table.Td>
              <Table.Td className={classes['time']}>
                {company.lastSync ? (
                  <Ago at={company.lastSync} />
                ) : (
                  <Text c="dimmed" size="sm">
                    Never
                  </Text>
                )}
              </Table.Td>
              <Table.Td className={classes['actions']}>
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconLink size={14} aria-hidden />}
                  onClick={() => onViewLink(company)}
                  aria-label={`View Link URL of ${company.name}`}
                >
                  View Link URL
                </Button>
                <RowMenu company={company} onAsk={(action) => setAsked({ action, company })} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
      {asked?.action === 'rename' && <RenameCompany company={asked.company} onClose={close} />}
      {asked?.action === 'delete' && (
        <DeleteCompany company={asked.company} onClose={close} onDeleted={close} />
      )}
    </>
  );
}

function platformNames({ dataConnections }: Company): string {
  return [...new Set(dataConnections.map(({ platformName }) => platformName))].join(', ');
}

function RowMenu({ company, onAsk }: { company: Company; onAsk: (action: Asked['action']) => void }) {
  const mayNotRename = useRefusal('manageCompanies');
  const mayNotDelete = useRefusal('deleteCompanies');
  return (
    <Menu position="bottom-end" width={220} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`More about ${company.name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to={`/companies/${company.id}`}
          leftSection={<IconEye size={16} aria-hidden />}
        >
          Open
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPencil size={16} aria-hidden />}
          disabled={mayNotRename !== undefined}
          title={mayNotRename}
          onClick={() => onAsk('rename')}
        >
          Rename
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} aria-hidden />}
          disabled={mayNotDelete !== undefined}
          title={mayNotDelete}
          onClick={() => onAsk('delete')}
        >
          Delete
        </Menu.Item>
        {(mayNotRename ?? mayNotDelete) && <Menu.Label>{mayNotRename ?? mayNotDelete}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
