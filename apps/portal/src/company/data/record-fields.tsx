import { Anchor, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { useCurrentCompany } from '../company-context.tsx';
import { recordPlace } from '../places.ts';
import { fieldsOfType } from './fields.ts';
import classes from './record.module.css';
import { memberLabel, memberText, shapeOf } from './record-shape.ts';
import { referredType } from './references.ts';
import { type DataRecord, isAmount, isObject, nobody } from './values.ts';

interface Context {
  readonly dataType: string;
  readonly connectionId: string;
  /** Of the record, or of the nearest object that has one of its own. */
  readonly currency: string | undefined;
}

/** Every field of a record in reading form: what it leads to is linked, its lists are tables. */
export function RecordFields(props: { record: DataRecord; dataType: string; connectionId: string }) {
  const { record, dataType, connectionId } = props;
  return <Fields record={record} context={{ dataType, connectionId, currency: undefined }} />;
}

function currencyOf(record: DataRecord, context: Context): Context {
  const own = record['currency'] ?? record['defaultCurrency'] ?? record['baseCurrency'];
  return typeof own === 'string' ? { ...context, currency: own } : context;
}

function Fields({ record, context: outer }: { record: DataRecord; context: Context }) {
  const context = currencyOf(record, outer);
  return (
    <dl className={classes['fields']}>
      {Object.entries(record).map(([member, value]) => {
        const shape = shapeOf(value);
        if (shape === 'nothing') return null;
        if (shape === 'table') {
          return (
            <div key={member} className={classes['wide']}>
              <dt className={classes['part']}>{memberLabel(member)}</dt>
              <dd style={{ margin: 0 }}>
                <ListTable member={member} rows={value as readonly DataRecord[]} context={context} />
              </dd>
            </div>
          );
        }
        return (
          <Pair key={member} name={labelOf(member, outer.dataType)}>
            <Value member={member} value={value} context={context} />
          </Pair>
        );
      })}
    </dl>
  );
}

/** Under the name that tables have for it, so that a page and its table speak alike. */
function labelOf(member: string, dataType: string): string {
  return fieldsOfType(dataType).find(({ path }) => path === member)?.label ?? memberLabel(member);
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className={classes['name']}>{name}</dt>
      <dd className={classes['value']}>{children}</dd>
    </>
  );
}

function Value({ member, value, context }: { member: string; value: unknown; context: Context }) {
  if (Array.isArray(value)) {
    return value.map((item, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: items of a list have no id
      <div key={index}>
        <Value member={member} value={item} context={context} />
      </div>
    ));
  }
  if (!isObject(value)) return <bdi>{memberText(member, value, context.currency)}</bdi>;
  const reference = referenceOf(member, value, context);
  if (reference) return <Reference {...reference} context={context} />;
  const inner = currencyOf(value, context);
  return (
    <span>
      {Object.entries(value)
        .filter(([, part]) => shapeOf(part) !== 'nothing')
        .map(([name, part], index) => (
          <span key={name}>
            {index > 0 && ' · '}
            <Text span c="dimmed" size="xs">
              {memberLabel(name)}
            </Text>{' '}
            <Value member={name} value={part} context={inner} />
          </span>
        ))}
    </span>
  );
}

interface ReferenceProps {
  readonly dataType: string;
  readonly id: string;
  readonly name: string;
}

function referenceOf(member: string, value: DataRecord, context: Context): ReferenceProps | undefined {
  const id = value['id'];
  const dataType = referredType(context.dataType, member, value);
  if (typeof id !== 'string' || dataType === undefined) return undefined;
  // A payment's allocation tells more than which payment it is.
  if (Object.values(value).some(isAmount) && member !== 'taxRateRef') return undefined;
  const name = value['companyName'] ?? value['supplierName'] ?? value['name'];
  return { dataType, id, name: typeof name === 'string' && name !== '' ? name : id };
}

function Reference({ dataType, id, name, context }: ReferenceProps & { context: Context }) {
  const company = useCurrentCompany();
  if (id === nobody)
    return (
      <Text span size="sm">
        Nobody
      </Text>
    );
  if (fieldsOfType(dataType).length === 0) return <bdi>{name}</bdi>;
  const place = recordPlace({ dataType, connectionId: context.connectionId }, id);
  return (
    <Anchor component={Link} to={`/companies/${company.id}/${place}`} size="sm">
      <bdi>{name}</bdi>
    </Anchor>
  );
}

function ListTable(props: { member: string; rows: readonly DataRecord[]; context: Context }) {
  const { member, rows, context } = props;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) =>
    rows.some((row) => shapeOf(row[name]) !== 'nothing'),
  );
  return (
    <ScrollTable
      label={memberLabel(member)}
      minWidth={Math.max(360, columns.length * 108)}
      verticalSpacing={6}
    >
      <Table.Thead>
        <Table.Tr>
          {columns.map((name) => (
            <Table.Th
              key={name}
              className={rows.some((row) => isAmount(row[name])) ? classes['end'] : undefined}
            >
              {memberLabel(name)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no id
          <Table.Tr key={index}>
            {columns.map((name) => (
              <Table.Td key={name} className={isAmount(row[name]) ? classes['end'] : classes['cell']}>
                {name === 'id' && referenceOf(member, row, context) === undefined ? (
                  <IdCell member={member} row={row} context={context} />
                ) : (
                  <Value member={name} value={row[name] ?? ''} context={currencyOf(row, context)} />
                )}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollTable>
  );
}

/** The id of a line that stands for another record, such as a payment's invoice. */
function IdCell({ member, row, context }: { member: string; row: DataRecord; context: Context }) {
  const id = String(row['id'] ?? '');
  const dataType = referredType(context.dataType, member, row);
  if (dataType === undefined || id === '') return <bdi>{id}</bdi>;
  return <Reference dataType={dataType} id={id} name={id} context={context} />;
}
