import { Checkbox, Group, NumberInput, Select, Stack, Table, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useRefusal } from '../../api/permissions.ts';
import { useChange } from '../../api/resource.ts';
import { toastDone } from '../../app/toasts.ts';
import { dataTypeTitle } from '../../format/data-types.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';

export interface SyncSetting {
  readonly dataType: string;
  readonly fetchOnFirstLink: boolean;
  /** Hours; 0 is off. */
  readonly syncSchedule: number;
  readonly syncOrder: number;
  readonly syncFromUtc?: string;
  /** Months before now. */
  readonly syncFromWindow?: number;
  readonly monthsToSync?: number;
  readonly isLocked: boolean;
}

const schedules = [
  { value: '0', label: 'Off' },
  { value: '1', label: 'Hourly' },
  { value: '6', label: 'Every 6 hours' },
  { value: '12', label: 'Every 12 hours' },
  { value: '24', label: 'Daily' },
  { value: '168', label: 'Weekly' },
  { value: '720', label: 'Monthly' },
];

/** A form of how often each data type is read, for every company or for one. */
export function SyncSettingsForm(props: {
  settings: readonly SyncSetting[];
  /** Where the settings are posted to. */
  path: string;
  title: string;
  description: string;
  submit: string;
  /** Beside the button. */
  children?: ReactNode;
}) {
  const { settings, path } = props;
  const [changed, setChanged] = useState<ReadonlyMap<string, SyncSetting>>(new Map());
  const isReadOnly = useRefusal('manageSettings') !== undefined;
  const save = useChange<readonly SyncSetting[], void>(path, (api, list) =>
    api.post(path, { settings: list }),
  );
  const change = (setting: SyncSetting) => {
    const before = settings.find(({ dataType }) => dataType === setting.dataType);
    const next = new Map(changed);
    if (JSON.stringify(before) === JSON.stringify(setting)) next.delete(setting.dataType);
    else next.set(setting.dataType, setting);
    setChanged(next);
  };
  return (
    <Section title={props.title} description={props.description}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending && changed.size > 0) {
            save.mutate([...changed.values()], {
              onSuccess: () => toastDone('The schedule is saved.'),
            });
          }
        }}
      >
        <Stack>
          {save.isError && <Problem error={save.error} title="The schedule was not saved" />}
          <ScrollTable label={props.title} minWidth={680} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Data type</Table.Th>
                <Table.Th>Schedule</Table.Th>
                <Table.Th>When a company has linked</Table.Th>
                <Table.Th>Reads back, months</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {settings.map((saved) => (
                <SettingRow
                  key={saved.dataType}
                  setting={changed.get(saved.dataType) ?? saved}
                  isReadOnly={isReadOnly}
                  onChange={change}
                />
              ))}
            </Table.Tbody>
          </ScrollTable>
          <Group>
            <GuardedButton permission="manageSettings" type="submit" loading={save.isPending}>
              {props.submit}
            </GuardedButton>
            {props.children}
            <Text size="sm" c="dimmed" role="status">
              {changed.size === 0 ? 'Nothing was changed.' : `Changed, not saved: ${changed.size}`}
            </Text>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function SettingRow(props: {
  setting: SyncSetting;
  isReadOnly: boolean;
  onChange: (setting: SyncSetting) => void;
}) {
  const { setting, isReadOnly, onChange } = props;
  const title = dataTypeTitle(setting.dataType);
  const { syncFromWindow: _window, ...withoutWindow } = setting;
  return (
    <Table.Tr>
      <Table.Td>{title}</Table.Td>
      <Table.Td>
        <Select
          aria-label={`Schedule of ${title}`}
          data={withOwn(setting.syncSchedule)}
          value={String(setting.syncSchedule)}
          onChange={(value) => onChange({ ...setting, syncSchedule: Number(value ?? 0) })}
          allowDeselect={false}
          disabled={isReadOnly}
          size="xs"
          w={150}
        />
      </Table.Td>
      <Table.Td>
        <Checkbox
          aria-label={`Read ${title} at once when a company has linked`}
          label="Read at once"
          checked={setting.fetchOnFirstLink}
          disabled={isReadOnly}
          onChange={(event) => onChange({ ...setting, fetchOnFirstLink: event.currentTarget.checked })}
          size="sm"
        />
      </Table.Td>
      <Table.Td>
        <NumberInput
          aria-label={`Months that ${title} reads back`}
          placeholder="Everything"
          value={setting.syncFromWindow ?? ''}
          onChange={(value) =>
            onChange(typeof value === 'number' ? { ...setting, syncFromWindow: value } : withoutWindow)
          }
          min={0}
          max={1200}
          allowDecimal={false}
          disabled={isReadOnly}
          size="xs"
          w={120}
        />
      </Table.Td>
    </Table.Tr>
  );
}

/** The usual schedules, and the one that was set through the API when it is none of them. */
function withOwn(hours: number): { value: string; label: string }[] {
  if (schedules.some(({ value }) => value === String(hours))) return schedules;
  return [...schedules, { value: String(hours), label: `Every ${hours} hours` }];
}
