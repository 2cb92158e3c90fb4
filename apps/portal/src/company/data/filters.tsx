import { Anchor, Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconFilterPlus } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Field } from './fields.ts';
import { conditionOf, type Operator, operatorsOf, withCondition } from './filter-text.ts';
import { choiceWords } from './values.ts';

/**
 * Filters of a list: conditions are put together here, and stand below as the query that the API takes, where they can be changed
 * by hand. What the API says about the query is shown with it.
 */
export function Filters(props: {
  fields: readonly Field[];
  query: string;
  problem: string | undefined;
  onChange: (query: string) => void;
}) {
  const { fields, query, problem, onChange } = props;
  const [typed, setTyped] = useState(query);
  return (
    <Stack gap="xs">
      <Builder fields={fields} onAdd={(added) => onChange(withCondition(query, added))} />
      {(query !== '' || typed !== '') && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onChange(typed.trim());
          }}
        >
          <Group gap="xs" align="flex-end">
            <TextInput
              label="Query"
              description={
                <>
                  As the API takes it. Joined with <code>&&</code> and <code>||</code>, grouped with{' '}
                  <code>{'{ }'}</code>.
                </>
              }
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              error={problem}
              flex="1 1 20rem"
              maxLength={2047}
              spellCheck={false}
              autoComplete="off"
              dir="ltr"
              styles={{
                input: {
                  fontFamily: 'var(--mantine-font-family-monospace)',
                  fontSize: 'var(--mantine-font-size-xs)',
                },
                error: { overflowWrap: 'anywhere' },
              }}
            />
            <Button type="submit" variant="default">
              Apply
            </Button>
            <Button
              variant="subtle"
              onClick={() => {
                setTyped('');
                onChange('');
              }}
            >
              Clear
            </Button>
          </Group>
        </form>
      )}
      {query === '' && typed === '' && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          onClick={() => setTyped(' ')}
          style={{ alignSelf: 'flex-start' }}
        >
          Write a query
        </Anchor>
      )}
    </Stack>
  );
}

function Builder({ fields, onAdd }: { fields: readonly Field[]; onAdd: (condition: string) => void }) {
  const [path, setPath] = useState(fields[0]?.path ?? '');
  const field = fields.find((one) => one.path === path) ?? fields[0];
  const [chosen, setOperator] = useState<Operator>();
  const [value, setValue] = useState('');
  const formId = useId();
  if (field === undefined) return null;
  const operators = operatorsOf(field);
  const operator = operators.find((one) => one.value === chosen)?.value ?? operators[0]?.value ?? '=';
  const add = () => {
    if (value.trim() !== '') onAdd(conditionOf(field, operator, value));
  };
  return (
    <form
      id={formId}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Group gap="xs">
        <Select
          aria-label="Field to filter by"
          data={fields.map((one) => ({ value: one.path, label: one.label }))}
          value={field.path}
          onChange={(next) => {
            setPath(next ?? '');
            setOperator(undefined);
            setValue('');
          }}
          allowDeselect={false}
          searchable
          w={180}
        />
        <Select
          aria-label="How to compare"
          data={[...operators]}
          value={operator}
          onChange={(next) => setOperator((next ?? '=') as Operator)}
          allowDeselect={false}
          w={130}
        />
        <ValueInput field={field} value={value} onChange={setValue} />
        <Button type="submit" variant="light" leftSection={<IconFilterPlus size={16} aria-hidden />}>
          Add filter
        </Button>
      </Group>
    </form>
  );
}

function ValueInput(props: { field: Field; value: string; onChange: (value: string) => void }) {
  const { field, value, onChange } = props;
  const shared = { 'aria-label': 'Value', flex: '1 1 9rem', maw: 260 } as const;
  if (field.kind === 'choice' || field.kind === 'flag') {
    const data =
      field.kind === 'flag'
        ? [
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]
        : (field.choices ?? []).map((one) => ({ value: one, label: choiceWords(one) }));
    return (
      <Select
        {...shared}
        data={data}
        value={value === '' ? null : value}
        placeholder="Choose"
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  const type = field.kind === 'day' || field.kind === 'instant' ? 'date' : 'text';
  return (
    <TextInput
      {...shared}
      type={type}
      value={value}
      dir="auto"
      inputMode={field.kind === 'money' || field.kind === 'percent' ? 'decimal' : 'text'}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={500}
    />
  );
}
