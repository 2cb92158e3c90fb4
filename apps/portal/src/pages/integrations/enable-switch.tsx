import { Switch, Tooltip } from '@mantine/core';
import { useEnableIntegration } from '../../api/integrations.ts';
import { useRefusal } from '../../api/permissions.ts';
import { toastDone, toastProblem } from '../../app/toasts.ts';

/** Turns an integration on and off for businesses. */
export function EnableSwitch(props: { platformKey: string; name: string; enabled: boolean }) {
  const { platformKey, name, enabled } = props;
  const change = useEnableIntegration(platformKey);
  const refusal = useRefusal('manageIntegrations');
  const shown = change.isPending ? change.variables : enabled;
  const toggle = (next: boolean) => {
    if (change.isPending) return;
    change.mutate(next, {
      onSuccess: () =>
        toastDone(
          next
            ? `${name} is enabled: businesses can choose it on their Link page.`
            : `${name} is disabled: nobody new can connect it. Connections that exist go on.`,
        ),
      onError: toastProblem,
    });
  };
  return (
    <Tooltip label={refusal} disabled={refusal === undefined} multiline w={260}>
      <Switch
        checked={shown}
        onChange={(event) => toggle(event.currentTarget.checked)}
        disabled={refusal !== undefined}
        label={shown ? 'Enabled' : 'Disabled'}
        aria-label={`${name}: ${shown ? 'Enabled' : 'Disabled'}`}
        description={refusal === undefined ? undefined : 'An administrator may change this.'}
        withThumbIndicator={false}
      />
    </Tooltip>
  );
}
