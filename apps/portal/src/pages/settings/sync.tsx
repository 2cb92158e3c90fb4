import { useResource } from '../../api/resource.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { type SyncSetting, SyncSettingsForm } from './sync-settings-form.tsx';

const path = '/profile/syncSettings';

export default function SyncSettingsPage() {
  const settings = useResource<{ settings: readonly SyncSetting[] }>(path);
  return (
    <Page
      title="Sync"
      lead="How often the books of a company are read. These are the defaults; a company can have settings of its own."
    >
      <QueryView query={settings} lines={10}>
        {(data) => (
          <SyncSettingsForm
            key={JSON.stringify(data.settings)}
            settings={data.settings}
            path={path}
            title="Defaults by data type"
            description="The first scheduled read comes within one and a half periods."
            submit="Save defaults"
          />
        )}
      </QueryView>
    </Page>
  );
}
