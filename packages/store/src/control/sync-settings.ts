import type { ClientSyncSetting } from '../generated/client.ts';
import type { Store } from '../store.ts';

/** How one data type is synced; `dataType` is a key of the public API, served here or not. */
export type SyncSettingRow = Omit<ClientSyncSetting, 'clientId'>;

/** Sync settings that were saved; a data type without a row follows the client's, and those the product's defaults. */
export interface SyncSettingsRepository {
  ofClient(clientId: string): Promise<SyncSettingRow[]>;
  /** Own rows of a company; none when the client has no such company. */
  ofCompany(clientId: string, companyId: string): Promise<SyncSettingRow[]>;
  /** Saves the given data types and leaves the others as they are. */
  saveForClient(clientId: string, settings: readonly SyncSettingRow[]): Promise<void>;
  /** The company must be the client's. */
  saveForCompany(clientId: string, companyId: string, settings: readonly SyncSettingRow[]): Promise<void>;
  clearForClient(clientId: string): Promise<void>;
  clearForCompany(clientId: string, companyId: string): Promise<void>;
}

export function createSyncSettingsRepository({ prisma }: Pick<Store, 'prisma'>): SyncSettingsRepository {
  return {
    ofClient: (clientId) =>
      prisma.clientSyncSetting.findMany({ where: { clientId }, omit: { clientId: true } }),

    ofCompany: (clientId, companyId) =>
      prisma.companySyncSetting.findMany({
        where: { companyId, company: { clientId } },
        omit: { companyId: true },
      }),

    saveForClient: async (clientId, settings) => {
      await prisma.$transaction(
        settings.map((setting) =>
          prisma.clientSyncSetting.upsert({
            where: { clientId_dataType: { clientId, dataType: setting.dataType } },
            create: { clientId, ...setting },
            update: setting,
          }),
        ),
      );
    },

    saveForCompany: async (clientId, companyId, settings) => {
      await prisma.$transaction([
        prisma.company.findFirstOrThrow({ where: { id: companyId, clientId }, select: { id: true } }),
        ...settings.map((setting) =>
          prisma.companySyncSetting.upsert({
            where: { companyId_dataType: { companyId, dataType: setting.dataType } },
            create: { companyId, ...setting },
            update: setting,
          }),
        ),
      ]);
    },

    clearForClient: async (clientId) => {
      await prisma.clientSyncSetting.deleteMany({ where: { clientId } });
    },

    clearForCompany: async (clientId, companyId) => {
      await prisma.companySyncSetting.deleteMany({ where: { companyId, company: { clientId } } });
    },
  };
}
