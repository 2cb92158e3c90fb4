import { Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { asProblem } from '../../api/errors.ts';
import { type IntegrationSetUp, useSaveKeys } from '../../api/integrations.ts';
import { useRefusal } from '../../api/permissions.ts';
import { toastDone } from '../../app/toasts.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Problem } from '../../ui/problem.tsx';

/** The application's keys. A saved secret does not come back: saving always takes both. */
export function KeysForm({ setUp }: { setUp: IntegrationSetUp }) {
  const save = useSaveKeys(setUp.key);
  const isReadOnly = useRefusal('manageIntegrations') !== undefined;
  const form = useForm({
    initialValues: { clientId: setUp.clientId ?? '', clientSecret: '' },
    validate: {
      clientId: (text) => (text.trim() === '' ? 'Paste the client ID.' : null),
      clientSecret: (text) => (text.trim() === '' ? 'Paste the client secret.' : null),
    },
  });
  const submit = form.onSubmit((values) => {
    if (save.isPending) return;
    // What is pasted from a mail often brings a blank along.
    const keys = { clientId: values.clientId.trim(), clientSecret: values.clientSecret.trim() };
    save.mutate(keys, {
      onSuccess: () => {
        toastDone(`The keys for ${setUp.name} are saved.`);
        form.setFieldValue('clientSecret', '');
        form.resetDirty();
      },
      onError: (error) => {
        for (const member of ['clientId', 'clientSecret'] as const) {
          const problem = asProblem(error).fieldProblem(member);
          if (problem) form.setFieldError(member, `It ${problem}`);
        }
      },
    });
  });
  return (
    <form noValidate onSubmit={submit} autoComplete="off">
      <Stack maw={560}>
        {save.isError && <Problem error={save.error} title="The keys were not saved" />}
        <TextInput
          label="Client ID"
          readOnly={isReadOnly}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          {...form.getInputProps('clientId')}
        />
        <PasswordInput
          label="Client Secret"
          placeholder={setUp.hasSecret ? 'A secret is saved. Paste a new one to replace it.' : ''}
          readOnly={isReadOnly}
          autoComplete="new-password"
          maxLength={2000}
          visibilityToggleButtonProps={{ 'aria-label': 'Show client secret' }}
          {...form.getInputProps('clientSecret')}
        />
        <Group>
          <GuardedButton permission="manageIntegrations" type="submit" loading={save.isPending}>
            Save
          </GuardedButton>
        </Group>
      </Stack>
    </form>
  );
}
