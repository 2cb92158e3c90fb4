import type { Dataset } from './api.ts';

const statements: ReadonlySet<string> = new Set(['profitAndLoss', 'balanceSheet', 'cashFlowStatement']);

/** Where the data of a data type is shown, below its company; undefined when there is no such page. */
export function dataPlace({ dataType, connectionId }: Pick<Dataset, 'dataType' | 'connectionId'>) {
  if (dataType === 'cashFlowStatement') return 'statements/cashFlow';
  if (statements.has(dataType)) return `statements/${dataType}`;
  if (dataType.startsWith('custom/')) return undefined;
  return `data/${dataType}?connection=${connectionId}`;
}

/** Where one record is shown, below its company. */
export function recordPlace(
  { dataType, connectionId }: Pick<Dataset, 'dataType' | 'connectionId'>,
  recordId: string,
): string {
  return `data/${dataType}/${encodeURIComponent(recordId)}?connection=${connectionId}`;
}
