import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { asProblem } from '../../api/errors.ts';
import { useChange } from '../../api/resource.ts';
import { useSession } from '../../api/session.ts';
import type { Role } from '../../api/types.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { invitationsPath } from './invitations.tsx';
import { rolesAsOptions } from './roles.ts';

/** Makes the link that an invited person opens; sending it is up to the inviter. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [url, setUrl] = useState<string>();
  return (
    <>
      <Dialog opened={opened} onClose={onClose} title="Invite somebody">
        {opened && (
          <InviteForm
            onClose={onClose}
            onInvited={(made) => {
              onClose();
              setUrl(made);
            }}
          />
        )}
      </Dialog>
      <SecretOnce
        title="Invitation link"
        label="Invitation link"
        secret={url}
        onClose={() => setUrl(undefined)}
      >
        Send this link to the invited person. It works once, for seven days, and is shown only now.
      </SecretOnce>
    </>
  );
}

function InviteForm({ onClose, onInvited }: { onClose: () => void; onInvited: (url: string) => void }) {
  const { user } = useSession();
  const invite = useChange<{ email: string; role: Role }, { url: string }>(invitationsPath, (api, body) =>
    api.post(invitationsPath, body),
  );
  const form = useForm<{ email: string; role: Role }>({
    initialValues: { email: '', role: 'operator' },
    validate: { email: (text) => (/^\S+@\S+$/.test(text.trim()) ? null : 'Enter an e-mail address.') },
  });
  const submit = form.onSubmit(({ email, role }) => {
    if (invite.isPending) return;
    invite.mutate(
      { email: email.trim(), role },
      {
        onSuccess: ({ url }) => onInvited(url),
        onError: (error) => {
          const problem = asProblem(error).fieldProblem('email');
          if (problem) form.setFieldError('email', `It ${problem}`);
        },
      },
    );
  });
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {invite.isError && <Problem error={invite.error} title="Nobody was invited" />}
        <TextInput
          label="E-mail"
          type="email"
          required
          maxLength={254}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('email')}
        />
        <Select
          label="Role"
          data={rolesAsOptions.filter(({ value }) => value !== 'owner' || user.role === 'owner')}
          allowDeselect={false}
          {...form.getInputProps('role')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending}>
            Make invitation
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
