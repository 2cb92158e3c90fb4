/**
 * The business chooser's memory: which businesses the authorising user can read, and the tokens that were granted. The tokens wait
 * here, sealed, and not among the connection's credentials: those in use are replaced only when a business was accepted.
 */
import type { Business, TokenSet } from '@tributary/connector-kit';
import { z } from 'zod';
import type { LinkDependencies } from './dependencies.ts';
import { type Cookies, isSameBrowser, journeyCookieName, journeyMs } from './journey.ts';
import type { LinkContext } from './link-context.ts';

export interface PendingChoice {
  /** Id of the journey (hex) that brought the choice. */
  readonly journey: string;
  readonly tokens: TokenSet;
  readonly businesses: readonly Business[];
}

const business = z.object({ id: z.string(), name: z.string(), info: z.record(z.string(), z.string()) });
const stored = z.object({ journey: z.string(), tokens: z.string(), businesses: z.array(business) });
const tokenSet = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAtMs: z.number(),
  platformUserId: z.string().optional(),
});

const binding = (connection: { id: string; clientId: string }, journey: string) => ({
  table: 'connections',
  row: `${connection.id}/business-choices/${journey}`,
  client: connection.clientId,
});

/** Opens the chooser to the journey's browser for as long as a journey lasts. A later journey's choice takes its place. */
export async function rememberChoice(
  { store, vault, clock }: Pick<LinkDependencies, 'store' | 'vault' | 'clock'>,
  connection: { id: string; clientId: string },
  journeyId: Uint8Array<ArrayBuffer>,
  granted: { tokens: TokenSet; businesses: readonly Business[] },
): Promise<void> {
  const journey = Buffer.from(journeyId).toString('hex');
  await store.prisma.$transaction([
    store.prisma.linkState.update({
      where: { id: journeyId },
      data: { expiresAt: new Date(clock() + journeyMs) },
    }),
    store.prisma.connection.update({
      where: { id: connection.id },
      data: {
        businessChoices: {
          journey,
          tokens: vault.seal(JSON.stringify(granted.tokens), binding(connection, journey)),
          businesses: granted.businesses.map(({ id, name, info }) => ({ id, name, info: { ...info } })),
        },
      },
    }),
  ]);
}

/** The choice that is open to this browser; undefined when there is none, or it is another browser's, or too old. */
export async function openChoice(
  { store, vault, clock }: Pick<LinkDependencies, 'store' | 'vault' | 'clock'>,
  { connection }: Pick<LinkContext, 'connection'>,
  cookies: Cookies,
): Promise<PendingChoice | undefined> {
  const found = stored.safeParse(connection.businessChoices);
  if (!found.success) return undefined;
  const { journey, tokens, businesses } = found.data;
  const id = new Uint8Array(Buffer.from(journey, 'hex'));
  const row = await store.prisma.linkState.findUnique({ where: { id } });
  if (row === null || row.expiresAt.getTime() <= clock()) return undefined;
  if (!isSameBrowser(cookies[journeyCookieName(id)], row.browserHash)) return undefined;
  const opened = tokenSet.parse(JSON.parse(vault.open(tokens, binding(connection, journey))));
  const { refreshToken, platformUserId, ...rest } = opened;
  return {
    journey,
    businesses,
    tokens: {
      ...rest,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(platformUserId === undefined ? {} : { platformUserId }),
    },
  };
}

/** Which journey's choice is stored, whoever may open it. */
export function journeyOfChoice(businessChoices: unknown): string | undefined {
  return stored.safeParse(businessChoices).data?.journey;
}
