import { Stack } from '@mantine/core';
import { useResource } from '../../api/resource.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { type Branding, BrandingForm } from './branding-form.tsx';
import { type Profile, RedirectForm } from './redirect-form.tsx';

export default function LinkSettingsPage() {
  const branding = useResource<Branding>('/portal/api/branding');
  const profile = useResource<Profile>('/profile');
  return (
    <Page
      title="Link"
      lead="How you show yourself to businesses when they connect their books, and where they go afterwards."
    >
      <Stack gap="lg">
        <QueryView query={branding} lines={6}>
          {(data) => <BrandingForm branding={data} clientName={profile.data?.name ?? ''} />}
        </QueryView>
        <QueryView query={profile} lines={3}>
          {(data) => <RedirectForm profile={data} />}
        </QueryView>
      </Stack>
    </Page>
  );
}
