/** A business at the sandbox's KashFlow, and writes to it as the engine makes them. */
import {
  createLocalPacer,
  createPlatformSession,
  createSystemClock,
  type LostWrite,
  type MappingOutcome,
  type PlatformSession,
  tokensOfCredentials,
  type WriteProblem,
  type WriteRequest,
  type Written,
} from '@tributary/connector-kit';
import { startSandboxProcess } from '@tributary/connector-kit/conformance';
import type { AnyDataTypeKey, DataTypeKey } from '@tributary/model';
import { createKashFlowConnector } from '../connector.ts';
import { writer } from './writer.ts';

const SANDBOX = new URL('../../../../../apps/sandbox/src/main.ts', import.meta.url);

type Mapped = Readonly<Record<string, unknown>> & { readonly id: string };

export type WriteResult =
  | {
      readonly kind: 'written';
      readonly written: Written;
      readonly record: Mapped;
      readonly warnings: readonly WriteProblem[];
    }
  | { readonly kind: 'invalid'; readonly errors: readonly WriteProblem[] };

export interface Desk {
  readonly session: PlatformSession;
  /** Names of the operations that were called, in order. */
  readonly called: string[];
  control(path: string, body: unknown): Promise<void>;
  request(dataType: AnyDataTypeKey, record: object, more?: Partial<WriteRequest>): WriteRequest;
  /** Validates, prepares, sends and reads back. */
  write(request: WriteRequest): Promise<WriteResult>;
  /** As `write`, of what must be written. */
  written(request: WriteRequest): Promise<Mapped>;
  /** Sends what is prepared, loses the answer, and looks for it. */
  lost(request: WriteRequest, fault: object): Promise<Awaited<ReturnType<typeof writer.findWritten>>>;
  /** All records of a data type, as a sync maps them. */
  all(dataType: DataTypeKey): Promise<Mapped[]>;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const sandbox = await startSandboxProcess({ main: SANDBOX, environment: { SANDBOX_SIZE: '200' } });
  const connector = createKashFlowConnector({
    soapUrl: `${sandbox.origin}/kashflow/service.asmx`,
    requestsPerSecond: 10_000,
  });
  const called: string[] = [];
  const tokens = tokensOfCredentials({ username: 'sandbox', password: 'sandbox-secret' });
  const platform = createPlatformSession({
    baseUrl: connector.apiUrl({}),
    businessId: 'business',
    info: {},
    tokens: {
      current: async () => ({ ...tokens, version: 1 }),
      refresh: async () => ({ ...tokens, version: 1 }),
    },
    dialect: connector.dialect,
    pacer: createLocalPacer({
      requestsPerSecond: 10_000,
      requestsPerHour: undefined,
      clock: createSystemClock(),
    }),
    pacingKeys: ['application', 'connection'],
    clock: createSystemClock(),
    random: () => 0.5,
  });
  const session: PlatformSession = {
    ...platform,
    request: (request) => {
      called.push(request.operation?.replace(/\?.*/, '') ?? '');
      return platform.request(request);
    },
  };
  /** What the engine hands to a writer: sessions that only read. */
  const reading: PlatformSession = {
    ...session,
    request: (request) => {
      if (request.isRead !== true) throw new Error(`${request.operation} is no read`);
      return session.request(request);
    },
  };
  let operations = 0;

  const mapped = async (dataType: DataTypeKey, record: { id: string; raw: string }): Promise<Mapped> => {
    const lookup = await connector.loadLookup(reading, dataType);
    const outcome: MappingOutcome = connector.map(dataType, record, lookup);
    if (outcome.kind !== 'mapped') throw new Error(outcome.reason);
    return JSON.parse(JSON.stringify(outcome.record)) as Mapped;
  };

  const desk: Desk = {
    session: reading,
    called,
    control: (path, body) => sandbox.control(path, body),
    request(dataType, record, more = {}) {
      operations += 1;
      return {
        operationId: `00000000-0000-4000-8000-${String(operations).padStart(12, '0')}`,
        action: 'create',
        dataType,
        id: undefined,
        record: record as Readonly<Record<string, unknown>>,
        expectedModifiedMs: undefined,
        ...more,
      };
    },
    async write(request) {
      const { errors, warnings } = writer.validate(request);
      if (errors.length > 0) return { kind: 'invalid', errors };
      const { call } = await writer.prepare(reading, request);
      const written = await writer.readWritten(reading, request, await session.request(call));
      const [first] = written.records;
      return { kind: 'written', written, record: await mapped(first.dataType, first.record), warnings };
    },
    async written(request) {
      const result = await desk.write(request);
      if (result.kind === 'invalid') throw new Error(JSON.stringify(result.errors));
      return result.record;
    },
    async lost(request, fault) {
      const { call, memory } = await writer.prepare(reading, request);
      const before = new Map<DataTypeKey, Set<string>>();
      for (const dataType of ['customers', 'suppliers'] as const)
        before.set(dataType, new Set((await desk.all(dataType)).map(({ id }) => id)));
      await sandbox.control('faults', { faults: [{ match: `${call.operation}$`, ...fault }] });
      const sent = await session.request(call).then(
        () => 'answered',
        () => 'lost',
      );
      if (sent === 'answered') throw new Error('the answer was to be lost');
      await sandbox.control('faults', { faults: [] });
      const lost: LostWrite = {
        memory,
        sentAtMs: Date.now(),
        others: async (dataType, ids) => new Set(ids.filter((id) => before.get(dataType)?.has(id))),
      };
      return writer.findWritten(reading, request, lost);
    },
    async all(dataType) {
      const found: Mapped[] = [];
      const request = { dataType, modifiedSinceMs: undefined, fromDate: undefined, checkpoint: undefined };
      const lookup = await connector.loadLookup(reading, dataType);
      for await (const page of connector.pull(reading, request)) {
        for (const record of page.records) {
          const outcome = connector.map(dataType, record, lookup);
          if (outcome.kind === 'mapped') found.push(JSON.parse(JSON.stringify(outcome.record)) as Mapped);
        }
      }
      return found;
    },
    close: () => sandbox.stop(),
  };
  return desk;
}
