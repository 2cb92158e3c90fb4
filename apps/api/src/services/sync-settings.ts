import { type DataTypeKey, dataTypeKeys, instant } from '@tributary/model';
import { createCompanyRepository, createSyncSettingsRepository, type SyncSettingRow } from '@tributary/store';
import { type EffectiveSyncSetting, effectiveSettings } from '@tributary/sync';
import type { AppDependencies } from '../dependencies.ts';
import { notFound } from '../errors.ts';
import type { SyncSetting, SyncSettingsChange } from '../schemas/sync-settings.ts';

interface SyncSettingsView {
  readonly settings: SyncSetting[];
  /** This level has settings of its own. */
  readonly overridesDefaults: boolean;
}

export interface SyncSettingsService {
  ofClient(clientId: string): Promise<SyncSettingsView & { clientId: string }>;
  ofCompany(clientId: string, companyId: string): Promise<SyncSettingsView & { companyId: string }>;
  /**
   * Replaces the settings of the data types that are named; `fetchOnFirstLink`, `syncSchedule` and `syncOrder` stay where they are
   * left out. Due times follow at once.
   */
  changeOfClient(clientId: string, change: SyncSettingsChange): Promise<void>;
  changeOfCompany(clientId: string, companyId: string, change: SyncSettingsChange): Promise<void>;
}

export function createSyncSettingsService({ store, sync }: AppDependencies): SyncSettingsService {
  const repository = createSyncSettingsRepository(store);
  const companies = createCompanyRepository(store);

  /** What holds for every data type that is served, and for others that a client has settings for. */
  async function inForce(scope: {
    clientId: string;
    companyId?: string;
  }): Promise<Map<string, SyncSettingRow>> {
    const effective = await effectiveSettings(store, scope, dataTypeKeys);
    const rows = await repository.ofClient(scope.clientId);
    if (scope.companyId !== undefined)
      rows.push(...(await repository.ofCompany(scope.clientId, scope.companyId)));
    const settings = new Map<string, SyncSettingRow>(
      effective.map((setting) => [setting.dataType, rowOf(setting)]),
    );
    for (const row of rows) if (!isServed(row.dataType)) settings.set(row.dataType, row);
    return settings;
  }

  async function requireCompany(clientId: string, companyId: string): Promise<void> {
    if ((await companies.find(clientId, companyId)) === undefined) throw notFound('company');
  }

  return {
    async ofClient(clientId) {
      const [settings, own] = await Promise.all([inForce({ clientId }), repository.ofClient(clientId)]);
      return {
        clientId,
        settings: [...settings.values()].map(settingView),
        overridesDefaults: own.length > 0,
      };
    },

    async ofCompany(clientId, companyId) {
      await requireCompany(clientId, companyId);
      const [settings, own] = await Promise.all([
        inForce({ clientId, companyId }),
        repository.ofCompany(clientId, companyId),
      ]);
      return {
        companyId,
        settings: [...settings.values()].map(settingView),
        overridesDefaults: own.length > 0,
      };
    },

    async changeOfClient(clientId, change) {
      if (change.overridesDefaults === false) await repository.clearForClient(clientId);
      else await repository.saveForClient(clientId, merged(await inForce({ clientId }), change));
      await sync.settingsChanged({ clientId });
    },

    async changeOfCompany(clientId, companyId, change) {
      await requireCompany(clientId, companyId);
      if (change.overridesDefaults === false) await repository.clearForCompany(clientId, companyId);
      else
        await repository.saveForCompany(
          clientId,
          companyId,
          merged(await inForce({ clientId, companyId }), change),
        );
      await sync.settingsChanged({ clientId, companyId });
    },
  };
}

function isServed(dataType: string): dataType is DataTypeKey {
  return (dataTypeKeys as readonly string[]).includes(dataType);
}

function rowOf(setting: EffectiveSyncSetting): SyncSettingRow {
  return {
    ...setting,
    syncFromUtc: setting.syncFromUtc ?? null,
    syncFromWindow: setting.syncFromWindow ?? null,
    monthsToSync: setting.monthsToSync ?? null,
  };
}

/** Of a data type that is not served and has no settings yet. */
function productDefaults(dataType: string): SyncSettingRow {
  return {
    dataType,
    fetchOnFirstLink: true,
    syncSchedule: 24,
    syncOrder: dataTypeKeys.length,
    syncFromUtc: null,
    syncFromWindow: null,
    monthsToSync: null,
    isLocked: false,
  };
}

/**
 * The changed settings in full. The published API requires `fetchOnFirstLink`, `syncSchedule` and `syncOrder` of a setting; here
 * they come from those in force when left out. The other members are there to be left out: that clears them, as null does.
 */
function merged(
  current: ReadonlyMap<string, SyncSettingRow>,
  { settings }: SyncSettingsChange,
): SyncSettingRow[] {
  return settings.map((change) => {
    const base = current.get(change.dataType) ?? productDefaults(change.dataType);
    return {
      dataType: change.dataType,
      fetchOnFirstLink: change.fetchOnFirstLink ?? base.fetchOnFirstLink,
      syncSchedule: change.syncSchedule ?? base.syncSchedule,
      syncOrder: change.syncOrder ?? base.syncOrder,
      syncFromUtc: change.syncFromUtc == null ? null : dateOf(change.syncFromUtc),
      syncFromWindow: change.syncFromWindow ?? null,
      monthsToSync: change.monthsToSync ?? null,
      isLocked: change.isLocked ?? false,
    };
  });
}

/** An instant without a zone is meant in UTC, as the property's name says. */
function dateOf(text: string): Date {
  return new Date(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
}

function settingView(row: SyncSettingRow): SyncSetting {
  return {
    dataType: row.dataType as SyncSetting['dataType'],
    fetchOnFirstLink: row.fetchOnFirstLink,
    syncSchedule: row.syncSchedule,
    syncOrder: row.syncOrder,
    ...(row.syncFromUtc !== null && { syncFromUtc: instant(row.syncFromUtc) }),
    ...(row.syncFromWindow !== null && { syncFromWindow: row.syncFromWindow }),
    ...(row.monthsToSync !== null && { monthsToSync: row.monthsToSync }),
    isLocked: row.isLocked,
  };
}
