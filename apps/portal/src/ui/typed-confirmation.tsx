import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { Problem } from './problem.tsx';

/** Asks before something is lost for good: the name has to be typed. */
export function TypedConfirmation(props: {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What has to be typed. */
  name: string;
  /** What will be lost. */
  children: ReactNode;
  confirm: string;
  isPending: boolean;
  error: unknown;
  onConfirm: () => void;
}) {
  const { opened, onClose, title, name, children, confirm, isPending, error, onConfirm } = props;
  const [typed, setTyped] = useState('');
  // Blanks at the ends and doubled ones do not show in a name.
  const plain = (text: string) => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const isRight = plain(typed) === plain(name);
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={close} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isRight && !isPending) onConfirm();
        }}
      >
        <Stack>
          <Text size="sm">{children}</Text>
          {error !== null && error !== undefined && <Problem error={error} />}
          <TextInput
            label={
              <>
                To confirm, type <bdi style={{ overflowWrap: 'anywhere' }}>{name}</bdi>
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color="red.9" disabled={!isRight} loading={isPending}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
