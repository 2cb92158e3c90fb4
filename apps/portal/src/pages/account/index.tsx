import { Alert, Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../api/context.tsx';
import { asProblem } from '../../api/errors.ts';
import { roleNames } from '../../api/permissions.ts';
import { sessionPath, useSession } from '../../api/session.ts';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { NewPassword } from './new-password.tsx';
import { leastPasswordLength } from './password-rules.ts';

export default function AccountPage() {
  const { user } = useSession();
  return (
    <Page title="Your account" lead={`${user.email} · ${roleNames[user.role]}`}>
      <ChangePassword />
    </Page>
  );
}

function ChangePassword() {
  const api = useApi();
  const change = useMutation({
    mutationFn: (body: { currentPassword: string; newPassword: string }) =>
      api.put(`${sessionPath}/password`, body),
  });
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '' },
    validate: {
      currentPassword: (text) => (text === '' ? 'Enter your current password.' : null),
      newPassword: (text) =>
        text.length < leastPasswordLength ? `Use at least ${leastPasswordLength} characters.` : null,
    },
  });
  const submit = form.onSubmit((values) => {
    if (change.isPending) return;
    change.mutate(values, {
      onSuccess: () => form.reset(),
      onError: (error) => {
        for (const member of ['currentPassword', 'newPassword'] as const) {
          const problem = asProblem(error).fieldProblem(member);
          if (problem) form.setFieldError(member, `It ${problem}`);
        }
      },
    });
  });
  return (
    <Section
      title="Change password"
      description="You stay signed in here; everywhere else you are signed out."
    >
      <form noValidate onSubmit={submit}>
        <Stack maw={420}>
          {change.isError && <Problem error={change.error} title="The password was not changed" />}
          {change.isSuccess && !form.isDirty() && (
            <Alert color="green" role="status">
              Your password was changed.
            </Alert>
          )}
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show current password' }}
            {...form.getInputProps('currentPassword')}
          />
          <NewPassword {...form.getInputProps('newPassword')} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
