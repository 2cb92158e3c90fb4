/** The events that a client can be told of, by the names that Codat's published API gives them. */

const plainEventTypes = [
  'company.created',
  'company.deleted',
  'company.product.added',
  'company.product.removed',
  'connection.created',
  'connection.connected',
  'connection.failed',
  'connection.disconnected',
  'connection.reconnected',
  'connection.deleted',
  'read.completed',
  'read.completed.initial',
  'client.rateLimit.reached',
  'client.rateLimit.reset',
] as const;

export type ConnectionEventType = Extract<(typeof plainEventTypes)[number], `connection.${string}`>;

/** Data types whose writes have events. */
const writtenDataTypes = [
  'bankAccounts',
  'bankTransactions',
  'billCreditNotes',
  'billPayments',
  'bills',
  'chartOfAccounts',
  'creditNotes',
  'customers',
  'directCosts',
  'directIncomes',
  'invoices',
  'items',
  'journalEntries',
  'journals',
  'payments',
  'purchaseOrders',
  'suppliers',
  'transfers',
] as const;

export type WriteOutcome = 'successful' | 'unsuccessful';

const outcomes: readonly WriteOutcome[] = ['successful', 'unsuccessful'];

/** Stands for every data type, as the specification spells it. */
const anyDataType = '{dataType}';

/**
 * Names of the events before Codat renamed them: examples of its specification and clients of that time still use them. A consumer
 * that subscribes by such a name is sent the event in its present form.
 */
const olderNames = {
  modified: ['DatasetDataChanged', 'Dataset data changed'],
  completed: ['DataSyncCompleted', 'Data sync completed'],
  failed: ['DatasetStatusChangedToError', 'Dataset status has changed to an error state'],
  initial: ['NewCompanySynchronised', 'New company synchronized'],
  connection: ['DataConnectionStatusChanged', 'Company data connection status changed'],
  write: ['PushOperationStatusChanged', 'Push operation status has changed'],
  writeTimedOut: ['PushOperationTimedOut', 'Push operation has timed out'],
  rateLimitReached: ['Client rate limit reached'],
  rateLimitReset: ['Client rate limit reset'],
} as const;

const known: ReadonlySet<string> = new Set([
  ...plainEventTypes,
  ...[anyDataType, ...writtenDataTypes].flatMap((dataType) =>
    outcomes.map((outcome) => `${dataType}.write.${outcome}`),
  ),
  ...Object.values(olderNames).flat(),
]);

/** Whether a consumer can subscribe to it. */
export function isEventType(name: string): boolean {
  return known.has(name);
}

/** An event's type, and every name by which consumers may have subscribed to it. */
export interface EventName {
  readonly eventType: string;
  readonly names: readonly string[];
}

export function companyEventName(
  eventType: 'company.created' | 'company.deleted' | 'company.product.added' | 'company.product.removed',
): EventName {
  return { eventType, names: [eventType] };
}

export function connectionEventName(eventType: ConnectionEventType): EventName {
  const changes = eventType !== 'connection.created' && eventType !== 'connection.failed';
  return { eventType, names: [eventType, ...(changes ? olderNames.connection : [])] };
}

/** Of a pull that ended. */
export function readEventName(read: { status: string; hasModified: boolean }): EventName {
  const eventType = 'read.completed';
  const isComplete = read.status === 'Complete';
  return {
    eventType,
    names: [
      eventType,
      ...(isComplete ? olderNames.completed : olderNames.failed),
      ...(isComplete && read.hasModified ? olderNames.modified : []),
    ],
  };
}

export function initialReadEventName(): EventName {
  const eventType = 'read.completed.initial';
  return { eventType, names: [eventType, ...olderNames.initial] };
}

export function writeEventName(dataType: string, outcome: WriteOutcome, hasTimedOut: boolean): EventName {
  const eventType = `${dataType}.write.${outcome}`;
  const general = `${anyDataType}.write.${outcome}`;
  const older = [...olderNames.write, ...(hasTimedOut ? olderNames.writeTimedOut : [])];
  return { eventType, names: [eventType, general, ...older] };
}

export function rateLimitEventName(
  eventType: 'client.rateLimit.reached' | 'client.rateLimit.reset',
): EventName {
  const older = eventType.endsWith('reset') ? olderNames.rateLimitReset : olderNames.rateLimitReached;
  return { eventType, names: [eventType, ...older] };
}
