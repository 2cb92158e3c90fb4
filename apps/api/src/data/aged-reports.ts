/** Reports of what is owed to a business, and of what it owes. */
import { type AgedPeriods, agedParties, type DataTypeKey, instant, localDate } from '@tributary/model';
import { type AgedSide, agedAmounts, listDatasetStatuses } from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { conflict } from '../errors.ts';
import { createSources } from './sources.ts';

interface AgedReportRequest extends Omit<AgedPeriods, 'reportDate'> {
  /** `YYYY-MM-DD`; undefined: today. */
  readonly reportDate?: string | undefined;
}

export interface AgedReportService {
  /** Whether what the report is made of has been read. @throws ApiError 404 for a company that is not there */
  isAvailable(clientId: string, companyId: string, side: AgedSide): Promise<boolean>;
  /**
   * @returns the report as JSON text, and the data types that it was derived from
   * @throws ApiError 404 as for reading those data types; 409 while one of them has not been read
   */
  read(
    clientId: string,
    companyId: string,
    side: AgedSide,
    request: AgedReportRequest,
  ): Promise<{ readonly text: string; readonly derivedFrom: readonly DataTypeKey[] }>;
}

const sides = {
  debtors: {
    dataTypes: ['invoices', 'payments'],
    names: { documents: 'Invoices', payments: 'Payments' },
    members: { id: 'customerId', name: 'customerName' },
  },
  creditors: {
    dataTypes: ['bills', 'billPayments'],
    names: { documents: 'Bills', payments: 'Bill payments' },
    members: { id: 'supplierId', name: 'supplierName' },
  },
} as const;

export function createAgedReportService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors' | 'clock'>,
): AgedReportService {
  const { clock, store } = dependencies;
  const sources = createSources(dependencies);

  const isRead = async (scope: { companyId: string; connectionId: string }, side: AgedSide) => {
    const statuses = await listDatasetStatuses(store.pool, scope);
    const read = new Set(
      statuses.filter((row) => row.lastSuccessfulSyncAt !== null).map(({ dataType }) => dataType),
    );
    return sides[side].dataTypes.every((dataType) => read.has(dataType));
  };

  return {
    async isAvailable(clientId, companyId, side) {
      const connection = await sources.connection(clientId, { companyId });
      return connection !== undefined && isRead({ companyId, connectionId: connection.id }, side);
    },

    async read(clientId, companyId, side, { reportDate, ...lengths }) {
      const { dataTypes, names, members } = sides[side];
      const [scope] = await Promise.all(
        dataTypes.map((dataType) => sources.dataset(clientId, { companyId }, dataType)),
      );
      if (scope === undefined || !(await isRead(scope, side)))
        throw conflict(`The report needs ${dataTypes.join(' and ')}, which have not been read yet.`, {
          canBeRetried: 'True',
        });
      const generated = instant(clock());
      const periods = { ...lengths, reportDate: reportDate ?? generated.slice(0, 10) };
      const parties = agedParties(periods, await agedAmounts(store.pool, scope, side, periods), names);
      const body = {
        generated,
        reportDate: localDate(periods.reportDate),
        data: parties.map(({ id, name, ...outstanding }) => ({
          [members.id]: id,
          ...(name === undefined ? {} : { [members.name]: name }),
          ...outstanding,
        })),
      };
      return { text: JSON.stringify(body), derivedFrom: dataTypes };
    },
  };
}
