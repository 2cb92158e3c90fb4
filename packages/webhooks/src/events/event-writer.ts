/**
 * Writes events to the outbox, in the transaction of whoever makes them true: a function here takes that transaction first, and is
 * called after the statements that it tells of. Where a client has no consumer, one look-up is all that it costs.
 */
import { randomUUID } from 'node:crypto';
import type { Connector } from '@tributary/connector-kit';
import { instant } from '@tributary/model';
import {
  type CompanyFacts,
  claimResetQuotas,
  endAwaitedRead,
  eraseEvents,
  hasConsumers,
  interestedConsumers,
  noteExhaustedQuota,
  type Queryable,
  readCompanyFacts,
  readConnectionFacts,
  readNewestRunFacts,
  readRunFacts,
  writeEvent,
} from '@tributary/store';
import { connectionView } from './connection-view.ts';
import {
  type ConnectionEventType,
  companyEventName,
  connectionEventName,
  type EventName,
  initialReadEventName,
  rateLimitEventName,
  readEventName,
  writeEventName,
} from './event-types.ts';
import {
  companyPayload,
  companyReference,
  type EndedWrite,
  type ProductChange,
  productPayload,
  rateLimitPayload,
  readPayload,
  writePayload,
} from './payloads.ts';

interface CompanyScope {
  readonly clientId: string;
  readonly companyId: string;
}

interface ConnectionScope extends CompanyScope {
  readonly connectionId: string;
}

/** A run whose end was written in the same transaction. */
export interface EndedRead extends ConnectionScope {
  readonly id: string;
  readonly dataType: string;
  readonly status: string;
}

export interface EventWriter {
  companyCreated(tx: Queryable, company: CompanyScope): Promise<void>;
  /** Before the company's row goes. Everything else that was to be told of it is forgotten. */
  companyDeleted(tx: Queryable, company: CompanyScope): Promise<void>;
  productChanged(
    tx: Queryable,
    company: CompanyScope,
    change: ProductChange & { readonly change: 'added' | 'removed' },
  ): Promise<void>;
  /** After the connection's row changed. */
  connectionChanged(
    tx: Queryable,
    eventType: Exclude<ConnectionEventType, 'connection.deleted'>,
    connection: ConnectionScope,
  ): Promise<void>;
  /** Before the connection's row goes. Everything else that was to be told of it is forgotten. */
  connectionDeleted(tx: Queryable, connection: ConnectionScope): Promise<void>;
  /** A pull ended, in whatever way; with the last one of a connection's first sync, that one's end is told too. */
  readEnded(tx: Queryable, run: EndedRead): Promise<void>;
  writeEnded(tx: Queryable, company: CompanyScope, write: EndedWrite): Promise<void>;
  /** The client's requests of a day (`YYYY-MM-DD`, UTC) are used up: told once, however often and by whomever it is noticed. */
  quotaExhausted(tx: Queryable, usage: { clientId: string; day: string; limit: number }): Promise<void>;
  /** Tells of quotas whose day is over. @returns how many */
  quotasReset(tx: Queryable): Promise<number>;
}

const dayMs = 86_400_000;
const resetsAtATime = 200;
/** Ends that say nothing about the first sync: it is started again when the connection is linked again. */
const interrupted: ReadonlySet<string> = new Set(['Cancelled', 'AuthError']);

export function createEventWriter(options: {
  publicUrl: string;
  connectors: ReadonlyMap<string, Connector>;
  /** Epoch milliseconds. */
  clock: () => number;
  newId?: () => string;
}): EventWriter {
  const { publicUrl, clock, newId = randomUUID } = options;

  /** @param build is asked only when somebody wants the event; without an answer there is nothing to tell */
  async function announce(
    tx: Queryable,
    scope: { clientId: string; companyId?: string; connectionId?: string },
    { eventType, names }: EventName,
    build: () => object | undefined | Promise<object | undefined>,
  ): Promise<void> {
    const { clientId, companyId, connectionId } = scope;
    if (!(await hasConsumers(tx, clientId))) return;
    const consumers = await interestedConsumers(tx, { clientId, companyId, connectionId }, names);
    if (consumers.length === 0) return;
    const payload = await build();
    if (payload === undefined) return;
    const id = newId();
    const body = JSON.stringify({ id, eventType, generatedDate: instant(new Date(clock())), payload });
    await writeEvent(tx, { id, clientId, companyId, connectionId, eventType, body }, consumers);
  }

  const withCompany = async (
    tx: Queryable,
    { clientId, companyId }: CompanyScope,
    build: (company: CompanyFacts) => object | undefined | Promise<object | undefined>,
  ) => {
    const company = await readCompanyFacts(tx, clientId, companyId);
    return company === undefined ? undefined : build(company);
  };

  const announceConnection = (tx: Queryable, eventType: ConnectionEventType, scope: ConnectionScope) =>
    announce(tx, scope, connectionEventName(eventType), () =>
      withCompany(tx, scope, async (company) => {
        const facts = await readConnectionFacts(tx, scope.clientId, scope.connectionId);
        if (facts === undefined) return undefined;
        const connection = connectionView(facts, options);
        return { referenceCompany: companyReference(company, publicUrl), connection };
      }),
    );

  return {
    companyCreated: (tx, scope) =>
      announce(tx, scope, companyEventName('company.created'), () =>
        withCompany(tx, scope, (company) => companyPayload(company, publicUrl)),
      ),

    async companyDeleted(tx, scope) {
      await eraseEvents(tx, scope);
      await announce(tx, scope, companyEventName('company.deleted'), () =>
        withCompany(tx, scope, (company) => companyPayload(company, publicUrl)),
      );
    },

    productChanged: (tx, scope, { change, ...product }) =>
      announce(tx, scope, companyEventName(`company.product.${change}`), () =>
        withCompany(tx, scope, (company) => productPayload(company, product)),
      ),

    connectionChanged: announceConnection,

    async connectionDeleted(tx, scope) {
      await eraseEvents(tx, scope);
      await announceConnection(tx, 'connection.deleted', scope);
    },

    async readEnded(tx, run) {
      const { connectionId } = run;
      const isInitialOver =
        !interrupted.has(run.status) && (await endAwaitedRead(tx, connectionId, run.dataType));
      if (!(await hasConsumers(tx, run.clientId))) return;
      const read = await readRunFacts(tx, run.id);
      if (read === undefined) return;
      await announce(tx, run, readEventName(read), () =>
        withCompany(tx, run, (company) => readPayload([read], { company, connectionId, publicUrl })),
      );
      if (!isInitialOver) return;
      await announce(tx, run, initialReadEventName(), () =>
        withCompany(tx, run, async (company) => {
          const reads = await readNewestRunFacts(tx, connectionId);
          return readPayload(reads, { company, connectionId, publicUrl });
        }),
      );
    },

    writeEnded: (tx, scope, write) => {
      const outcome = write.status === 'Success' ? 'successful' : 'unsuccessful';
      const name = writeEventName(write.dataType, outcome, write.status === 'TimedOut');
      return announce(tx, { ...scope, connectionId: write.connectionId }, name, () =>
        withCompany(tx, scope, (company) => writePayload(write, company, publicUrl)),
      );
    },

    async quotaExhausted(tx, { clientId, day, limit }) {
      if (!(await noteExhaustedQuota(tx, clientId, day, limit))) return;
      const resetAtMs = Date.parse(`${day}T00:00:00Z`) + dayMs;
      await announce(tx, { clientId }, rateLimitEventName('client.rateLimit.reached'), () =>
        rateLimitPayload({ limit, remaining: 0, resetAtMs }),
      );
    },

    async quotasReset(tx) {
      const todayMs = Math.floor(clock() / dayMs) * dayMs;
      const today = new Date(todayMs).toISOString().slice(0, 10);
      const resets = await claimResetQuotas(tx, today, resetsAtATime);
      for (const { clientId, quota, used } of resets) {
        const remaining = Math.max(0, quota - used);
        await announce(tx, { clientId }, rateLimitEventName('client.rateLimit.reset'), () =>
          rateLimitPayload({ limit: quota, remaining, resetAtMs: todayMs + dayMs }),
        );
      }
      return resets.length;
    },
  };
}

const nothing = async (): Promise<void> => undefined;

/** Tells nobody: for what runs without webhooks. */
export const noEvents: EventWriter = {
  companyCreated: nothing,
  companyDeleted: nothing,
  productChanged: nothing,
  connectionChanged: nothing,
  connectionDeleted: nothing,
  readEnded: nothing,
  writeEnded: nothing,
  quotaExhausted: nothing,
  quotasReset: async () => 0,
};
