import { createHash } from 'node:crypto';
import { type Clock, type Connector, createSystemClock } from '@tributary/connector-kit';
import { cleanText } from '@tributary/model';
import { KashFlowLookup, loadLookup } from './lookup.ts';
import { createManifest } from './manifest.ts';
import { mapRecord } from './mapping/map.ts';
import { createProbe } from './probe.ts';
import { createPull } from './pull.ts';
import { writing } from './push/options.ts';
import { writer } from './push/writer.ts';
import { jsonOf } from './raw-records.ts';
import { call, soapDialect } from './soap.ts';
import * as wire from './wire.ts';

/** Everything that differs between KashFlow itself and a stand-in for it. */
export interface KashFlowSettings {
  /** Where calls are posted to. */
  readonly soapUrl: string;
  readonly requestsPerSecond: number;
  readonly clock?: Clock | undefined;
}

/** KashFlow, over SOAP, with user name and password. */
export function createKashFlowConnector(settings: KashFlowSettings): Connector {
  const clock = settings.clock ?? createSystemClock();
  return {
    manifest: createManifest(),
    credentials: {
      instructions:
        'Enter the user name and password with which KashFlow lets other software in. The SOAP API has to be switched on first: in KashFlow, go to Settings › Apps › API Settings and choose “Enable SOAP API”.',
      labels: { username: 'KashFlow user name', password: 'KashFlow password' },
    },
    dialect: soapDialect,
    limits: { requestsPerSecond: settings.requestsPerSecond, requestsPerHour: undefined },
    apiUrl: () => settings.soapUrl,
    async listBusinesses(session, username = '') {
      const { result } = await call(session, 'GetCompanyDetails');
      const details = result === undefined ? undefined : wire.companyDetails.safeParse(jsonOf(result)).data;
      const name = wire.textOrNone(details?.CompanyName) ?? username;
      return [{ id: businessIdOf(username), name: cleanText(name).text, info: { product: 'KashFlow' } }];
    },
    loadLookup: (session, dataType) => loadLookup(session, dataType, clock.now()),
    writing,
    writer,
    pull: createPull(clock),
    map(dataType, record, lookup) {
      if (!(lookup instanceof KashFlowLookup))
        throw new TypeError('The lookup is not one that loadLookup of this connector made');
      return mapRecord(dataType, record, lookup);
    },
    probe: createProbe(clock),
  };
}

/**
 * KashFlow names no id of the business. A user name belongs to one account, so that it tells accounts apart; what lenders see as the
 * business's id must not be half of the credentials, though.
 */
function businessIdOf(username: string): string {
  return createHash('sha256').update(`kashflow/${username.trim().toLowerCase()}`).digest('hex').slice(0, 32);
}
