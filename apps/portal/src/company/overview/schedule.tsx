import { useState } from 'react';
import { useChange, useResource } from '../../api/resource.ts';
import { toastDone } from '../../app/toasts.ts';
import { type SyncSetting, SyncSettingsForm } from '../../pages/settings/sync-settings-form.tsx';
import { Confirmation } from '../../ui/confirmation.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { companyPath } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { CompanyPage } from '../company-page.tsx';

interface CompanySettings {
  readonly settings: readonly SyncSetting[];
  readonly overridesDefaults: boolean;
}

/** How often each data type of the company is read. */
export default function SchedulePage() {
  const path = `${companyPath(useCurrentCompany().id)}/syncSettings`;
  const query = useResource<CompanySettings>(path);
  return (
    <CompanyPage place="Schedule">
      <QueryView query={query} lines={10}>
        {({ settings, overridesDefaults }) => (
          <SyncSettingsForm
            key={JSON.stringify(settings)}
            settings={settings}
            path={path}
            title="Schedule by data type"
            description={
              overridesDefaults
                ? 'This company has settings of its own. What was never changed here follows the defaults.'
                : 'This company follows the defaults. What you change here holds for it alone.'
            }
            submit="Save schedule"
          >
            {overridesDefaults && <BackToDefaults path={path} />}
          </SyncSettingsForm>
        )}
      </QueryView>
    </CompanyPage>
  );
}

function BackToDefaults({ path }: { path: string }) {
  const [isAsked, setAsked] = useState(false);
  const clear = useChange<void, void>(path, (api) =>
    api.post(path, { settings: [], overridesDefaults: false }),
  );
  return (
    <>
      <GuardedButton permission="manageSettings" variant="default" onClick={() => setAsked(true)}>
        Follow the defaults
      </GuardedButton>
      <Confirmation
        opened={isAsked}
        onClose={() => setAsked(false)}
        title="Follow the defaults?"
        confirm="Remove own settings"
        isDangerous={false}
        isPending={clear.isPending}
        error={clear.error}
        onConfirm={() =>
          clear.mutate(undefined, {
            onSuccess: () => {
              setAsked(false);
              toastDone('The company follows the defaults.');
            },
          })
        }
      >
        The settings that this company has of its own are removed.
      </Confirmation>
    </>
  );
}
