import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Navigate, useLocation, useSearchParams } from 'react-router';
import { useSessionQuery, useSignIn } from '../../api/session.ts';
import { OutsidePage } from '../../shell/outside-page.tsx';
import { Waiting } from '../../shell/waiting.tsx';
import { Problem } from '../../ui/problem.tsx';

/** Where to go after signing in: a path of the portal, never another site. */
function nextOf(search: URLSearchParams): string {
  const next = search.get('next') ?? '/';
  return next.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';
}

export default function SignInPage() {
  const session = useSessionQuery();
  const [search] = useSearchParams();
  const location = useLocation();
  const hasEnded = Boolean((location.state as { ended?: boolean } | null)?.ended);
  const signIn = useSignIn();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (email.includes('@') ? null : 'Enter your e-mail address.'),
      password: (password) => (password === '' ? 'Enter your password.' : null),
    },
  });
  if (session.data?.session) return <Navigate to={nextOf(search)} replace />;
  if (session.isPending) return <Waiting />;
  return (
    <OutsidePage title="Sign in">
      <form
        noValidate
        onSubmit={form.onSubmit((values) => {
          if (!signIn.isPending) signIn.mutate({ ...values, email: values.email.trim() });
        })}
      >
        <Stack>
          {hasEnded && !signIn.isError && (
            <Alert color="yellow" role="status">
              Your session has ended. Sign in again to go on where you were.
            </Alert>
          )}
          {signIn.isError && <Problem error={signIn.error} title="You could not be signed in" />}
          {session.isError && !signIn.isError && <Problem error={session.error} />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={signIn.isPending} fullWidth mt="xs">
            Sign in
          </Button>
        </Stack>
      </form>
    </OutsidePage>
  );
}
