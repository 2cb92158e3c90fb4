import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconColumns3 } from '@tabler/icons-react';
import type { Field } from './fields.ts';

interface Columns {
  readonly shown: readonly Field[];
  readonly toggle: (path: string) => void;
}

/** The columns that this reader wants to see of a data type; remembered by the browser. */
export function useColumns(dataType: string, fields: readonly Field[]): Columns {
  const usual = fields
    .filter(({ isExtra, isFilterOnly }) => !isExtra && !isFilterOnly)
    .map(({ path }) => path);
  const [chosen, setChosen] = useLocalStorage<string[]>({
    key: `portal-columns-${dataType}`,
    defaultValue: usual,
    getInitialValueInEffect: false,
  });
  const isChosen = new Set(Array.isArray(chosen) ? chosen : usual);
  const shown = fields.filter(({ path, isFilterOnly }) => !isFilterOnly && isChosen.has(path));
  return {
    // A table without columns is none.
    shown: shown.length > 0 ? shown : fields.slice(0, 1),
    toggle: (path) => {
      const next = new Set(shown.map((field) => field.path));
      if (!next.delete(path)) next.add(path);
      setChosen([...next]);
    },
  };
}

/** Which columns to show. */
export function ColumnMenu({ fields, shown, toggle }: Columns & { fields: readonly Field[] }) {
  const isShown = new Set(shown.map(({ path }) => path));
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap="xs" mah={360} style={{ overflowY: 'auto' }} p={2}>
          {fields
            .filter(({ isFilterOnly }) => !isFilterOnly)
            .map(({ path, label }) => (
              <Checkbox
                key={path}
                size="sm"
                label={label}
                checked={isShown.has(path)}
                disabled={isShown.size === 1 && isShown.has(path)}
                onChange={() => toggle(path)}
              />
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
