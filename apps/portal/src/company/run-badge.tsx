import { Badge } from '@mantine/core';
import { wordsOf } from './run-words.ts';

/** The state of a sync. @param ended says of a run that it is done, where a data type is said to be up to date */
export function RunBadge({ status, ended = false }: { status: string; ended?: boolean }) {
  const { label, color } = wordsOf(status);
  return (
    <Badge variant="light" color={color} tt="none" fw={600}>
      {ended && status === 'Complete' ? 'Done' : label}
    </Badge>
  );
}
