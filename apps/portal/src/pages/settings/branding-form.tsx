import { Button, ColorInput, FileButton, Grid, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { asProblem } from '../../api/errors.ts';
import { useRefusal } from '../../api/permissions.ts';
import { useChange } from '../../api/resource.ts';
import { toastDone } from '../../app/toasts.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { BrandingPreview } from './branding-preview.tsx';

export interface Branding {
  readonly displayName: string | null;
  /** A data URL. */
  readonly logo: string | null;
  /** `#rrggbb`. */
  readonly colour: string | null;
  readonly contactEmail: string | null;
  readonly helpUrl: string | null;
}

const path = '/portal/api/branding';
const members = ['displayName', 'logo', 'colour', 'contactEmail', 'helpUrl'] as const;
const largestLogoBytes = 256 * 1024;
const logoTypes = ['image/png', 'image/jpeg', 'image/webp'];

function readAsDataUrl(file: File): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

/** Empty fields as the API wants them: null. */
function bodyOf(values: Record<(typeof members)[number], string>): Branding {
  const text = (value: string) => (value.trim() === '' ? null : value.trim());
  return {
    displayName: text(values.displayName),
    logo: text(values.logo),
    colour: text(values.colour),
    contactEmail: text(values.contactEmail),
    helpUrl: text(values.helpUrl),
  };
}

export function BrandingForm({ branding, clientName }: { branding: Branding; clientName: string }) {
  const isReadOnly = useRefusal('manageSettings') !== undefined;
  const [logoProblem, setLogoProblem] = useState<string>();
  const save = useChange<Branding, Branding>(path, (api, body) => api.put(path, body));
  const form = useForm({
    initialValues: {
      displayName: branding.displayName ?? '',
      logo: branding.logo ?? '',
      colour: branding.colour ?? '',
      contactEmail: branding.contactEmail ?? '',
      helpUrl: branding.helpUrl ?? '',
    },
    validate: {
      colour: (text) => (text === '' || /^#[\da-f]{6}$/i.test(text) ? null : 'Use a form such as #1a2b3c.'),
    },
  });
  const chooseLogo = async (file: File | null) => {
    if (!file) return;
    const problem = problemOfLogo(file);
    setLogoProblem(problem);
    if (problem === undefined) form.setFieldValue('logo', await readAsDataUrl(file));
  };
  const submit = form.onSubmit((values) => {
    if (save.isPending) return;
    save.mutate(bodyOf(values), {
      onSuccess: () => {
        toastDone('Your branding is saved. Link pages show it from now on.');
        form.resetDirty();
      },
      onError: (error) => {
        for (const member of members) {
          const problem = asProblem(error).fieldProblem(member);
          if (problem) form.setFieldError(member, `It ${problem}`);
        }
      },
    });
  });
  const { values } = form;
  return (
    <Section
      title="Branding"
      description="Businesses see this on the pages on which they connect their books."
    >
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <form noValidate onSubmit={submit}>
            <Stack>
              {save.isError && <Problem error={save.error} title="The branding was not saved" />}
              <TextInput
                label="Name"
                description={`As businesses know you. Left empty: ${clientName}`}
                readOnly={isReadOnly}
                maxLength={100}
                dir="auto"
                {...form.getInputProps('displayName')}
              />
              <Stack gap={6}>
                <Text size="sm" fw={500}>
                  Logo
                </Text>
                <Group gap="sm">
                  <FileButton
                    onChange={(file) => void chooseLogo(file)}
                    accept={logoTypes.join(',')}
                    disabled={isReadOnly}
                  >
                    {(button) => (
                      <Button {...button} variant="default" size="xs" disabled={isReadOnly}>
                        {values.logo ? 'Replace logo' : 'Choose a logo'}
                      </Button>
                    )}
                  </FileButton>
                  {values.logo && (
                    <Button
                      variant="subtle"
                      color="red"
                      size="xs"
                      disabled={isReadOnly}
                      onClick={() => form.setFieldValue('logo', '')}
                    >
                      Remove logo
                    </Button>
                  )}
                </Group>
                <Text size="xs" c="dimmed">
                  PNG, JPEG or WebP, at most 256 kB.
                </Text>
                {(logoProblem ?? form.errors['logo']) && (
                  <Text size="xs" c="var(--mantine-color-error)" role="alert">
                    {logoProblem ?? form.errors['logo']}
                  </Text>
                )}
              </Stack>
              <ColorInput
                label="Colour"
                description="Of buttons. The text on them is chosen so that it can be read."
                readOnly={isReadOnly}
                format="hex"
                placeholder="#0b6a9e"
                popoverProps={{ withinPortal: true }}
                eyeDropperButtonProps={{ 'aria-label': 'Pick a colour from the screen' }}
                {...form.getInputProps('colour')}
              />
              <TextInput
                label="Contact e-mail"
                description="Shown where something does not work."
                type="email"
                readOnly={isReadOnly}
                maxLength={254}
                {...form.getInputProps('contactEmail')}
              />
              <TextInput
                label="Help page"
                type="url"
                placeholder="https://"
                readOnly={isReadOnly}
                maxLength={2000}
                {...form.getInputProps('helpUrl')}
              />
              <Group>
                <GuardedButton permission="manageSettings" type="submit" loading={save.isPending}>
                  Save branding
                </GuardedButton>
              </Group>
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <BrandingPreview {...values} name={values.displayName.trim() || clientName} />
        </Grid.Col>
      </Grid>
    </Section>
  );
}

function problemOfLogo(file: File): string | undefined {
  if (!logoTypes.includes(file.type)) return 'The logo has to be a PNG, JPEG or WebP image.';
  if (file.size > largestLogoBytes) return 'The image is larger than 256 kB. Make it smaller first.';
  return undefined;
}
