import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { formatMoney } from '../../format/money.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { recordPlace } from '../places.ts';
import { isZero } from './amounts.ts';
import type { StatementRow } from './rows.ts';
import classes from './statement-table.module.css';

/** A statement as a table: one column for each period, the oldest first. */
export function StatementTable(props: {
  label: string;
  periods: readonly string[];
  rows: readonly StatementRow[];
  currency: string | undefined;
  connectionId: string;
}) {
  const { label, periods, rows, currency, connectionId } = props;
  const company = useCurrentCompany();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard
    <section className={classes['scroller']} aria-label={label} tabIndex={0}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col" className={classes['name']}>
              {currency === undefined ? 'Amounts' : `Amounts in ${currency}`}
            </th>
            {periods.map((period) => (
              <th key={period} scope="col" className={classes['amount']}>
                {period}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, label: name, kind, amounts, accountId }) => (
            <tr key={key} data-kind={kind}>
              <th scope="row" className={classes['name']}>
                {accountId === undefined ? (
                  <bdi>{name}</bdi>
                ) : (
                  <Anchor
                    component={Link}
                    to={`/companies/${company.id}/${recordPlace({ dataType: 'chartOfAccounts', connectionId }, accountId)}`}
                    c="inherit"
                    size="sm"
                  >
                    <bdi>{name}</bdi>
                  </Anchor>
                )}
              </th>
              {periods.map((period, index) => {
                const amount = amounts[index];
                return (
                  <td key={period} className={classes['amount']}>
                    {amount === undefined || (kind === 'item' && isZero(amount)) ? (
                      <span className={classes['none']}>–</span>
                    ) : (
                      formatMoney(amount)
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
