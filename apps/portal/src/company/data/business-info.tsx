import { useResource } from '../../api/resource.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { companyPath } from '../api.ts';
import { RecordFields } from './record-fields.tsx';
import type { DataRecord } from './values.ts';

/** What the platform knows of the business itself. */
export function BusinessInfo({ companyId, connectionId }: { companyId: string; connectionId: string }) {
  const info = useResource<DataRecord>(`${companyPath(companyId)}/connections/${connectionId}/data/info`);
  return (
    <Section title="Company information" description="As the platform has it.">
      <QueryView query={info}>
        {(record) => <RecordFields record={record} dataType="company" connectionId={connectionId} />}
      </QueryView>
    </Section>
  );
}
