/**
 * The receipt: what lets the browser in which a consent was given see its confirmation, and withdraw it. A sealed cookie, so that
 * knowing or guessing ids opens nothing.
 */
import { VaultError } from '@tributary/vault';
import type { LinkDependencies } from './dependencies.ts';
import type { Cookies } from './journey.ts';
import type { LinkContext } from './link-context.ts';
import type { BrowserCookie } from './start.ts';

const receiptHours = 24;
const receiptMs = receiptHours * 60 * 60 * 1000;

type Connection = Pick<LinkContext['connection'], 'id' | 'clientId'>;

const binding = ({ id, clientId }: Connection) => ({
  table: 'consents',
  row: `${id}/receipt`,
  client: clientId,
});

const receiptCookieName = (connectionId: string): string => `tributary_linked_${connectionId}`;

export function issueReceipt(
  { vault }: Pick<LinkDependencies, 'vault'>,
  connection: Connection,
  consentId: string,
): BrowserCookie {
  return {
    name: receiptCookieName(connection.id),
    value: vault.seal(consentId, binding(connection)),
    maxAgeSeconds: receiptMs / 1000,
  };
}

/** A consent as its confirmation shows it. */
export interface ConsentShown {
  readonly id: string;
  readonly agreedAt: Date;
  readonly withdrawnAt: Date | null;
  readonly dataTypes: readonly string[];
}

/** The consent that this browser gave for this connection within the last day; undefined when it gave none. */
export async function consentOfBrowser(
  { store, vault, clock }: Pick<LinkDependencies, 'store' | 'vault' | 'clock'>,
  connection: Connection,
  cookies: Cookies,
): Promise<ConsentShown | undefined> {
  const sealed = cookies[receiptCookieName(connection.id)];
  if (sealed === undefined) return undefined;
  let consentId: string;
  try {
    consentId = vault.open(sealed, binding(connection));
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
  const consent = await store.prisma.consent.findFirst({
    where: { id: consentId, connectionId: connection.id, agreedAt: { gt: new Date(clock() - receiptMs) } },
  });
  return consent ?? undefined;
}
