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
          fetchOnFirstLink: z
            .boolean({ error: 'must be true or false' })
            .optional()
            .describe('Left out: what is in force stays.'),
          syncSchedule: whole(longestScheduleHours)
            .optional()
            .describe('Hours between syncs; 0 is off. Left out: what is in force stays.'),
          syncOrder: whole(1_000_000).optional().describe('Left out: what is in force stays.'),
          // Settings are replaced as Codat's are: what it requires of one may be left out here and then stays; the rest is optional.
          syncFromUtc: z.iso
            .datetime({
              offset: true,
              local: true,
              error: 'must be an instant, such as 2024-01-01T00:00:00Z',
            })
            .nullish()
            .describe('Records are wanted from then on. Left out or null: none. Wins over `syncFromWindow`.'),
          syncFromWindow: whole(mostMonths)
            .nullish()
            .describe(
              'Months before now from which records are wanted, where `syncFromUtc` is not given. Left out or null: none.',
            ),
          monthsToSync: whole(mostMonths).nullish().describe('For reports. Left out or null: none.'),
          isLocked: z.boolean({ error: 'must be true or false' }).optional().describe('Left out: false.'),
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
  .meta({
    id: 'UpdateSyncSettings',
    description:
      'Data types that are left out stay as they are. The setting of one that is named is replaced: its window, months and lock are those of this body.',
  });

export type SyncSettingsChange = z.output<typeof syncSettingsChange>;
