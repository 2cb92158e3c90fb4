import type { DataTypeKey } from '@tributary/model';
import { defaultScheduleHours, type Store } from '@tributary/store';

/** How one data type is synced, all defaults filled in. */
export interface EffectiveSyncSetting {
  readonly dataType: DataTypeKey;
  readonly fetchOnFirstLink: boolean;
  /** Hours between syncs; 0: off. */
  readonly syncSchedule: number;
  readonly syncOrder: number;
  readonly syncFromUtc: Date | undefined;
  /** Months before now. */
  readonly syncFromWindow: number | undefined;
  readonly monthsToSync: number | undefined;
  readonly isLocked: boolean;
}

/**
 * The settings in force for each of `dataTypes`, in that order: the company's own, else the client's, else the product's
 * (fetched on first link, daily, no date window).
 */
export async function effectiveSettings(
  store: Store,
  scope: { clientId: string; companyId?: string },
  dataTypes: readonly DataTypeKey[],
): Promise<EffectiveSyncSetting[]> {
  const [ofClient, ofCompany] = await Promise.all([
    store.prisma.clientSyncSetting.findMany({ where: { clientId: scope.clientId } }),
    scope.companyId === undefined
      ? []
      : store.prisma.companySyncSetting.findMany({ where: { companyId: scope.companyId } }),
  ]);
  const rows = new Map([...ofClient, ...ofCompany].map((row) => [row.dataType, row]));
  return dataTypes.map((dataType, index) => {
    const row = rows.get(dataType);
    return {
      dataType,
      fetchOnFirstLink: row?.fetchOnFirstLink ?? true,
      syncSchedule: row?.syncSchedule ?? defaultScheduleHours,
      syncOrder: row?.syncOrder ?? index,
      syncFromUtc: row?.syncFromUtc ?? undefined,
      syncFromWindow: row?.syncFromWindow ?? undefined,
      monthsToSync: row?.monthsToSync ?? undefined,
      isLocked: row?.isLocked ?? false,
    };
  });
}

/**
 * Calendar date (`YYYY-MM-DD`, UTC) before which records are not wanted; undefined: everything is.
 * A fixed date wins over a window of months.
 */
export function windowStart(
  setting: Pick<EffectiveSyncSetting, 'syncFromUtc' | 'syncFromWindow'>,
  nowMs: number,
): string | undefined {
  if (setting.syncFromUtc !== undefined) return setting.syncFromUtc.toISOString().slice(0, 10);
  if (setting.syncFromWindow === undefined || setting.syncFromWindow <= 0) return undefined;
  const now = new Date(nowMs);
  const firstOfMonth = new Date(
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - setting.syncFromWindow, 1),
  );
  const daysInMonth = new Date(
    Date.UTC(firstOfMonth.getUTCFullYear(), firstOfMonth.getUTCMonth() + 1, 0),
  ).getUTCDate();
  firstOfMonth.setUTCDate(Math.min(now.getUTCDate(), daysInMonth));
  return firstOfMonth.toISOString().slice(0, 10);
}
