import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CopyField } from './copy.tsx';
import { Dialog } from './dialog.tsx';

/** A secret that the server tells this once. Only the button closes it: it must not go by accident. */
export function SecretOnce(props: {
  title: string;
  label: string;
  secret: string | undefined;
  children: ReactNode;
  onClose: () => void;
}) {
  const { title, label, secret, children, onClose } = props;
  return (
    <Dialog opened={secret !== undefined} onClose={onClose} title={title} isSticky>
      <Stack>
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Copy it now">
          {children}
        </Alert>
        <CopyField label={label} value={secret ?? ''} />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have stored it</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
