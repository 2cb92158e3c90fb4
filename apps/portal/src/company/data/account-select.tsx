import { Select } from '@mantine/core';
import { useEffect } from 'react';
import { useResource } from '../../api/resource.ts';
import type { Page } from '../../api/types.ts';
import { Problem } from '../../ui/problem.tsx';
import { companyPath } from '../api.ts';
import { type DataRecord, recordName } from './values.ts';

/** Bank transactions are listed by account: which one. Begins with the first. */
export function AccountSelect(props: {
  companyId: string;
  connectionId: string;
  value: string | undefined;
  onChange: (accountId: string) => void;
}) {
  const { companyId, connectionId, value, onChange } = props;
  const accounts = useResource<Page<DataRecord>>(
    `${companyPath(companyId)}/connections/${connectionId}/data/bankAccounts`,
    { pageSize: 500 },
  );
  const options = (accounts.data?.results ?? []).map((account) => ({
    value: String(account['id']),
    label: recordName(account),
  }));
  const first = options[0]?.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only until one is chosen
  useEffect(() => {
    if (value === undefined && first !== undefined) onChange(first);
  }, [value, first]);
  if (accounts.isError) return <Problem error={accounts.error} onRetry={() => void accounts.refetch()} />;
  return (
    <Select
      label="Bank account"
      data={options}
      value={value ?? null}
      onChange={(id) => id && onChange(id)}
      allowDeselect={false}
      searchable
      w={280}
    />
  );
}
