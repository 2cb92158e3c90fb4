import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconLink, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useRefusal } from '../../api/permissions.ts';
import { DeleteCompany } from '../../pages/companies/delete-company.tsx';
import { LinkUrlDialog } from '../../pages/companies/link-url-dialog.tsx';
import { RenameCompany } from '../../pages/companies/rename-company.tsx';
import { CopyText } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { useDatasets } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { CompanyPage } from '../company-page.tsx';
import { Connections } from './connections.tsx';
import { DataTypes } from './data-types.tsx';

export default function OverviewPage() {
  const company = useCurrentCompany();
  const [isLinkShown, link] = useDisclosure();
  const viewLink = (
    <Button
      variant={company.dataConnections.length === 0 ? 'filled' : 'default'}
      leftSection={<IconLink size={16} aria-hidden />}
      onClick={link.open}
    >
      View Link URL
    </Button>
  );
  return (
    <CompanyPage
      place="Overview"
      actions={
        <>
          {viewLink}
          <MoreMenu />
        </>
      }
    >
      {company.dataConnections.length === 0 ? (
        <Section title="Connections">
          <EmptyState icon={IconLink} title="Not linked yet" action={viewLink}>
            Send the Link URL to the business. It chooses its platform there and allows you to read its books;
            they appear here a moment later.
          </EmptyState>
        </Section>
      ) : (
        <>
          <Connections />
          <Datasets />
        </>
      )}
      <Section title="For developers" description="How the API names this company.">
        <CopyText label="company id" value={company.id} />
      </Section>
      <LinkUrlDialog company={isLinkShown ? company : undefined} onClose={link.close} />
    </CompanyPage>
  );
}

function Datasets() {
  const company = useCurrentCompany();
  const datasets = useDatasets(company.id);
  return (
    <QueryView query={datasets} lines={8}>
      {(all) =>
        company.dataConnections.map((connection) => (
          <DataTypes
            key={connection.id}
            connection={connection}
            datasets={all.filter(({ connectionId }) => connectionId === connection.id)}
            isOnlyOne={company.dataConnections.length === 1}
          />
        ))
      }
    </QueryView>
  );
}

function MoreMenu() {
  const company = useCurrentCompany();
  const navigate = useNavigate();
  const mayNotRename = useRefusal('manageCompanies');
  const mayNotDelete = useRefusal('deleteCompanies');
  const [asked, setAsked] = useState<'rename' | 'delete'>();
  const close = () => setAsked(undefined);
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More about this company">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={16} aria-hidden />}
            disabled={mayNotRename !== undefined}
            onClick={() => setAsked('rename')}
          >
            Rename
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            disabled={mayNotDelete !== undefined}
            onClick={() => setAsked('delete')}
          >
            Delete
          </Menu.Item>
          {(mayNotRename ?? mayNotDelete) && <Menu.Label>{mayNotRename ?? mayNotDelete}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      {asked === 'rename' && <RenameCompany company={company} onClose={close} />}
      {asked === 'delete' && (
        <DeleteCompany company={company} onClose={close} onDeleted={() => void navigate('/companies')} />
      )}
    </>
  );
}
