import { allDataTypeKeys, instantText } from '@tributary/model';
import { z } from 'zod';

const longestScheduleHours = 8760;
const mostMonths = 1200;

const whole = (maximum: number) => {
  const error = `must be a whole number from 0 to ${maximum}`;
  return z.int({ error }).min(0, { error }).max(maximum, { error });
};

const dataType = z.enum(allDataTypeKeys, {
  error: (issue) => `${JSON.stringify(issue.input ?? null)?.slice(0, 60)} is not a data type`,
});

const syncSetting = z
  .object({
    dataType,
    fetchOnFirstLink: z.boolean().describe('Synced as soon as a company has linked.'),
    syncSchedule: z.int().describe('Hours between syncs; 0 is off.'),
    syncOrder: z.int().describe('Order among the data types of one sync.'),
    syncFromUtc: instantText.optional(),
    syncFromWindow: z.int().optional().describe('Months before now from which records are wanted.'),
    monthsToSync: z.int().optional().describe('For reports.'),
    isLocked: z.boolean(),
  })
  .meta({ id: 'SyncSetting' });

export type SyncSetting = z.output<typeof syncSetting>;

const ownMembers = { settings: z.array(syncSetting), overridesDefaults: z.boolean() };

export const clientSyncSettings = z
  .object({ clientId: z.uuid(), ...ownMembers })
  .meta({ id: 'SyncSettings' });
export const companySyncSettings = z
  .object({ companyId: z.uuid(), ...ownMembers })
  .meta({ id: 'CompanySyncSettings' });

export const syncSettingsChange = z
  .object({
    settings: z
      .array(
        z.object({
          dataType,
          fetchOnFirstLink: z.boolean({ error: 'must be true or false' }).optional(),
          syncSchedule: whole(longestScheduleHours).optional(),
          syncOrder: whole(1_000_000).optional(),
          syncFromUtc: z.iso
            .datetime({
              offset: true,
              local: true,
              error: 'must be an instant, such as 2024-01-01T00:00:00Z',
            })
            .nullish(),
          syncFromWindow: whole(mostMonths).nullish(),
          monthsToSync: whole(mostMonths).nullish(),
          isLocked: z.boolean({ error: 'must be true or false' }).optional(),
        }),
        { error: 'is needed: a list of settings' },
      )
      .superRefine((settings, context) => {
        const seen = new Set<string>();
        for (const [index, setting] of settings.entries()) {
          if (seen.has(setting.dataType)) {
            context.addIssue({
              code: 'custom',
              path: [index, 'dataType'],
              message: `"${setting.dataType}" stands twice`,
            });
          }
          seen.add(setting.dataType);
        }
      }),
    overridesDefaults: z
      .boolean({ error: 'must be true or false' })
      .optional()
      .describe('False removes the settings of this level; those above it hold again.'),
  })
  .meta({ id: 'UpdateSyncSettings', description: 'Data types that are left out stay as they are.' });

export type SyncSettingsChange = z.output<typeof syncSettingsChange>;
