/** The rows of a statement's table, made of its reports. */
import type { WireAmount } from '../../format/money.ts';
import type { Section } from './types.ts';

export interface StatementRow {
  readonly key: string;
  readonly label: string;
  readonly kind: 'section' | 'item' | 'total';
  /** One for each period; undefined where the period does not have it. */
  readonly amounts: readonly (WireAmount | undefined)[];
  /** Of an item: its account. */
  readonly accountId?: string;
}

/** A section with its items, by account, in the order in which they first appear. @param sections one for each period */
export function sectionRows(label: string, sections: readonly Section[]): StatementRow[] {
  const items = new Map<string, { label: string; accountId?: string; amounts: (WireAmount | undefined)[] }>();
  for (const [period, section] of sections.entries()) {
    const seen = new Map<string, number>();
    for (const { accountId, name, value } of section.items) {
      const base = accountId ?? name ?? '';
      // A platform may give two lines of one name.
      const times = (seen.get(base) ?? 0) + 1;
      seen.set(base, times);
      const key = `${base} ${times}`;
      const item = items.get(key) ?? {
        label: name ?? accountId ?? 'Without a name',
        ...(accountId !== undefined && { accountId }),
        amounts: Array.from<WireAmount | undefined>({ length: sections.length }),
      };
      item.amounts[period] = value;
      items.set(key, item);
    }
  }
  return [
    { key: label, label, kind: 'section', amounts: sections.map(({ value }) => value) },
    ...[...items].map(([key, item]) => ({ key: `${label} ${key}`, kind: 'item' as const, ...item })),
  ];
}

/** A line below the sections. */
export function totalRow(label: string, amounts: readonly WireAmount[]): StatementRow {
  return { key: label, label, kind: 'total', amounts };
}
