import { Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { formatCount } from '../../format/money.ts';
import { recordPlace } from '../places.ts';
import type { Field } from './fields.ts';
import { type Rows, rowsShown } from './pages-in-view.ts';
import classes from './record-table.module.css';
import type { Records } from './use-records.ts';
import { type DataRecord, fieldText, isDeleted } from './values.ts';

const rowPx = 40;
const overscan = 8;
const usualWidth = 9;

interface TableProps {
  companyId: string;
  connectionId: string;
  dataType: string;
  label: string;
  columns: readonly Field[];
  records: Records;
  total: number;
  orderBy: string;
  onOrder: (orderBy: string) => void;
  onRows: (rows: Rows) => void;
}

/** A table of any length: only the rows in view are in the page, and only their records in memory. */
export function RecordTable(props: TableProps) {
  const { companyId, connectionId, dataType, label, columns, records, total, orderBy, onOrder, onRows } =
    props;
  const scroller = useRef<HTMLElement>(null);
  const count = rowsShown(total, rowPx);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan,
    // The head stays in view above the rows.
    scrollPaddingStart: rowPx,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onRows({ first, last }), [first, last, onRows]);
  const above = items[0]?.start ?? 0;
  const below = Math.max(0, virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0));
  const width = columns.reduce((sum, column) => sum + (column.width ?? usualWidth), 0);

  const moveFocus = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = (event.target as HTMLElement).closest('tr[data-index]')?.getAttribute('data-index');
    if (step === undefined || row === undefined || row === null) return;
    const next = Number(row) + step;
    if (next < 0 || next >= count) return;
    event.preventDefault();
    virtualizer.scrollToIndex(next);
    requestAnimationFrame(() => {
      scroller.current
        ?.querySelector<HTMLElement>(`tr[data-index="${next}"] a`)
        ?.focus({ preventScroll: true });
    });
  };

  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard */}
      <section ref={scroller} className={classes['scroller']} aria-label={label} tabIndex={0}>
        {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: arrow keys move among the links of the rows */}
        <table
          className={classes['table']}
          style={{ minWidth: `${width}rem` }}
          aria-rowcount={total + 1}
          aria-label={label}
          onKeyDown={moveFocus}
        >
          <colgroup>
            {columns.map(({ path, width: own }) => (
              <col key={path} style={{ width: `${own ?? usualWidth}rem` }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((field) => (
                <HeaderCell key={field.path} field={field} orderBy={orderBy} onOrder={onOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <Gap height={above} columns={columns.length} />}
            {items.map(({ index, key }) => {
              const record = records.rowAt(index);
              return (
                <RecordRow
                  key={key}
                  index={index}
                  record={record}
                  columns={columns}
                  to={
                    record === undefined
                      ? ''
                      : `/companies/${companyId}/${recordPlace({ dataType, connectionId }, String(record['id']))}`
                  }
                />
              );
            })}
            {below > 0 && <Gap height={below} columns={columns.length} />}
          </tbody>
        </table>
      </section>
      {count < total && (
        <Text size="xs" c="dimmed">
          The first {formatCount(count)} of {formatCount(total)} are shown. Filter the list, or turn its order
          around, to see the others.
        </Text>
      )}
    </>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden className={classes['gap']}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function HeaderCell(props: { field: Field; orderBy: string; onOrder: (orderBy: string) => void }) {
  const { field, orderBy, onOrder } = props;
  const isUp = orderBy === field.path;
  const isDown = orderBy === `-${field.path}`;
  const next = isUp ? `-${field.path}` : isDown ? '' : field.path;
  return (
    <th
      scope="col"
      className={classes[isFigure(field) ? 'endCell' : 'startCell']}
      aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}
    >
      <button type="button" className={classes['sort']} onClick={() => onOrder(next)}>
        {field.label}
        {isUp && <IconArrowUp size={14} aria-hidden />}
        {isDown && <IconArrowDown size={14} aria-hidden />}
      </button>
    </th>
  );
}

function isFigure({ kind }: Field): boolean {
  return kind === 'money' || kind === 'number' || kind === 'percent';
}

const RecordRow = memo(function RecordRow(props: {
  index: number;
  record: DataRecord | undefined;
  columns: readonly Field[];
  to: string;
}) {
  const { index, record, columns, to } = props;
  if (record === undefined) {
    return (
      <tr data-index={index} aria-rowindex={index + 2} className={classes['row']} aria-busy="true">
        {columns.map(({ path }) => (
          <td key={path}>
            <span className={classes['waiting']} />
          </td>
        ))}
      </tr>
    );
  }
  const deleted = isDeleted(record);
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      className={classes['row']}
      data-deleted={deleted || undefined}
    >
      {columns.map((field, at) => {
        const words = fieldText(record, field);
        return (
          <td key={field.path} className={classes[isFigure(field) ? 'endCell' : 'startCell']} title={words}>
            {at === 0 ? (
              <Link to={to} className={classes['link']}>
                <bdi>{words || String(record['id'])}</bdi>
              </Link>
            ) : (
              <bdi>{words}</bdi>
            )}
            {at === 0 && deleted && <span className={classes['mark']}>deleted</span>}
          </td>
        );
      })}
    </tr>
  );
});
