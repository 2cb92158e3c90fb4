import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { useApi } from '../../api/context.tsx';
import { asProblem } from '../../api/errors.ts';
import { roleNames } from '../../api/permissions.ts';
import { useAdoptSession } from '../../api/session.ts';
import type { Role, Session } from '../../api/types.ts';
import { OutsidePage } from '../../shell/outside-page.tsx';
import { Waiting } from '../../shell/waiting.tsx';
import { Problem } from '../../ui/problem.tsx';
import { NewPassword } from '../account/new-password.tsx';
import { leastPasswordLength } from '../account/password-rules.ts';

interface OpenInvitation {
  readonly email: string;
  readonly role: Role;
  readonly clientName: string;
}

/** Where the link of an invitation leads: the invited person chooses a name and a password. */
export default function InvitationPage() {
  const { token = '' } = useParams();
  const api = useApi();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    // The token goes into the body: a path would stand in logs.
    queryFn: () => api.post<OpenInvitation>('/portal/api/invitations/lookup', { token }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (invitation.isPending) return <Waiting />;
  if (invitation.isError) {
    return (
      <OutsidePage title="This invitation cannot be used">
        <Problem error={invitation.error} />
        <Text size="sm">
          Ask the person who sent it for a new one. If you accepted it already, sign in with the password that
          you chose.
        </Text>
        <Button component={Link} to="/signIn" variant="default">
          Sign in
        </Button>
      </OutsidePage>
    );
  }
  const { clientName, role } = invitation.data;
  return (
    <OutsidePage
      title={`Join ${clientName}`}
      lead={`You were invited to its portal as ${roleNames[role].toLowerCase()}.`}
    >
      <AcceptForm token={token} email={invitation.data.email} />
    </OutsidePage>
  );
}

function AcceptForm({ token, email }: { token: string; email: string }) {
  const api = useApi();
  const adopt = useAdoptSession();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: (body: { token: string; name: string; password: string }) =>
      api.post<Session>('/portal/api/invitations/accept', body),
  });
  const form = useForm({
    initialValues: { name: '', password: '' },
    validate: {
      name: (text) => (text.trim() === '' ? 'Enter your name.' : null),
      password: (text) =>
        text.length < leastPasswordLength ? `Use at least ${leastPasswordLength} characters.` : null,
    },
  });
  const submit = form.onSubmit(({ name, password }) => {
    if (accept.isPending) return;
    accept.mutate(
      { token, name: name.trim(), password },
      {
        onSuccess: (session) => {
          adopt(session);
          void navigate('/', { replace: true });
        },
        onError: (error) => {
          for (const member of ['name', 'password'] as const) {
            const problem = asProblem(error).fieldProblem(member);
            if (problem) form.setFieldError(member, `It ${problem}`);
          }
        },
      },
    );
  });
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {accept.isError && <Problem error={accept.error} title="The invitation was not accepted" />}
        <TextInput label="E-mail" value={email} readOnly autoComplete="username" />
        <TextInput
          label="Your name"
          autoComplete="name"
          maxLength={200}
          dir="auto"
          {...form.getInputProps('name')}
        />
        <NewPassword label="Password" {...form.getInputProps('password')} />
        <Button type="submit" loading={accept.isPending} fullWidth mt="xs">
          Accept invitation
        </Button>
      </Stack>
    </form>
  );
}
