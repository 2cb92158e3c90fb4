import { Badge } from '@mantine/core';
import type { CompanyStatus, Connection } from '../api/types.ts';

interface Look {
  color: string;
  label: string;
}

const looks: Readonly<Record<CompanyStatus | Connection['status'], Look>> = {
  Blank: { color: 'gray', label: 'Not opened' },
  PendingAuth: { color: 'yellow', label: 'Waiting for consent' },
  Linked: { color: 'green', label: 'Linked' },
  Unlinked: { color: 'gray', label: 'Unlinked' },
  Deauthorised: { color: 'red', label: 'Access revoked' },
  Deauthorized: { color: 'red', label: 'Access revoked' },
};

/** How far a company, or a connection of it, has come with linking. */
export function LinkStatusBadge({ status }: { status: CompanyStatus | Connection['status'] }) {
  const { color, label } = looks[status];
  return (
    <Badge variant="light" color={color} tt="none" fw={600}>
      {label}
    </Badge>
  );
}
