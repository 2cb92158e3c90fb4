export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly type: string; readonly id?: string; readonly name?: string };
  readonly ip?: string;
  /** The id of an operation of the API, such as `create-company`. */
  readonly action: string;
  readonly target?: { readonly type: string; readonly id?: string };
  readonly outcome: 'done' | 'unknown';
  readonly detail?: {
    readonly members?: readonly string[];
    readonly values?: Readonly<Record<string, string | number | boolean>>;
  };
}

const actors: Readonly<Record<string, string>> = {
  user: 'User',
  apiKey: 'API key',
  companyToken: 'Company token',
  integrationKey: 'Integration key',
  system: 'Tributary',
};

/** `API key: loan desk`; the name alone where it is a person's. */
export function actorWords({ type, name }: AuditEntry['actor']): string {
  const kind = actors[type] ?? type;
  if (name === undefined) return kind;
  return type === 'user' ? name : `${kind}: ${name}`;
}

/** `create-api-key` is “Create API key”. */
export function actionWords(action: string): string {
  const words = action.replaceAll('-', ' ').replaceAll(/\bapi\b/g, 'API');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What it was done to, and with what. */
export function detailWords({ target, detail }: AuditEntry): string {
  const values = Object.entries(detail?.values ?? {}).map(([name, value]) => `${name}: ${value}`);
  const others = (detail?.members ?? []).filter((name) => !(name in (detail?.values ?? {})));
  const place = target && [target.type, target.id].filter(Boolean).join(' ');
  return [place, ...values, others.join(', ')].filter(Boolean).join(' · ');
}
