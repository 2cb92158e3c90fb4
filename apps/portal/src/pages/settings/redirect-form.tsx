import { Code, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { asProblem } from '../../api/errors.ts';
import { useRefusal } from '../../api/permissions.ts';
import { useChange } from '../../api/resource.ts';
import { toastDone } from '../../app/toasts.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';

export interface Profile {
  readonly name: string;
  readonly logoUrl?: string;
  readonly iconUrl?: string;
  readonly redirectUrl: string;
  readonly whiteListUrls: readonly string[];
}

const placeholders = '{companyId}, {connectionId}, {statusCode}, {errorMessage}';

/** Where a business goes after linking. */
export function RedirectForm({ profile }: { profile: Profile }) {
  const isReadOnly = useRefusal('manageSettings') !== undefined;
  const save = useChange<Profile, Profile>('/profile', (api, body) => api.put('/profile', body));
  const form = useForm({ initialValues: { redirectUrl: profile.redirectUrl } });
  const submit = form.onSubmit(({ redirectUrl }) => {
    if (save.isPending) return;
    // The profile is replaced as a whole: what is not shown here goes along as it is.
    save.mutate(
      { ...profile, redirectUrl: redirectUrl.trim() },
      {
        onSuccess: () => {
          toastDone('The redirect URL is saved.');
          form.resetDirty();
        },
        onError: (error) => {
          const problem = asProblem(error).fieldProblem('redirectUrl');
          if (problem) form.setFieldError('redirectUrl', `The URL ${problem}`);
        },
      },
    );
  });
  return (
    <Section
      title="Redirect URL"
      description="After linking, the business is sent back to this page of yours. Left empty, it stays on a page that confirms the link."
    >
      <form noValidate onSubmit={submit}>
        <Stack maw={640}>
          {save.isError && form.errors['redirectUrl'] === undefined && <Problem error={save.error} />}
          <TextInput
            label="Redirect URL"
            type="url"
            inputMode="url"
            placeholder="https://lender.example/linked?company={companyId}"
            description={
              <>
                May hold <Code>{placeholders}</Code>
              </>
            }
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            readOnly={isReadOnly}
            spellCheck={false}
            maxLength={2000}
            {...form.getInputProps('redirectUrl')}
          />
          <Group>
            <GuardedButton permission="manageSettings" type="submit" loading={save.isPending}>
              Save redirect URL
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
