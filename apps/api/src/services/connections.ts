import { fieldsOf } from '@tributary/model';
import { createCompanyRepository, createConnectionRepository } from '@tributary/store';
import { createErasure } from '@tributary/sync';
import { connectionView } from '@tributary/webhooks';
import type { AppDependencies } from '../dependencies.ts';
import { conflict, notFound, refused } from '../errors.ts';
import { readListQuery } from '../http/list-query.ts';
import type { PageOf, PagingQuery } from '../http/paging.ts';
import { type Connection, connectionFields } from '../schemas/connections.ts';
import { createIntegrationService } from './integrations.ts';
import { platformFacts } from './platform-facts.ts';

export interface ConnectionService {
  /** @throws ApiError 400 for a platform that is unknown or disabled */
  create(clientId: string, companyId: string, platformKey: string): Promise<Connection>;
  get(clientId: string, companyId: string, connectionId: string): Promise<Connection>;
  list(clientId: string, companyId: string, paging: PagingQuery): Promise<PageOf<Connection>>;
  /**
   * `Unlinked` keeps the data and drops tokens and schedules. Other statuses are not set by hand.
   * @throws ApiError 400 for another status, 409 when the connection was never linked
   */
  setStatus(clientId: string, companyId: string, connectionId: string, status: string): Promise<Connection>;
  /**
   * @param values none: there is nothing to change
   * @throws ApiError 400 for values that the platform is not authorised with
   */
  updateAuthorization(
    clientId: string,
    companyId: string,
    connectionId: string,
    values: Readonly<Record<string, string>>,
  ): Promise<Connection>;
  /** Ends the connection and erases its data. */
  delete(clientId: string, companyId: string, connectionId: string): Promise<void>;
}

export function createConnectionService(dependencies: AppDependencies): ConnectionService {
  const { store, sync, credentials, connectors, events, newId } = dependencies;
  const companies = createCompanyRepository(store);
  const connections = createConnectionRepository(store);
  const integrations = createIntegrationService(dependencies);
  const erasure = createErasure(dependencies);
  const fields = fieldsOf(connectionFields);
  const platforms = platformFacts(connectors);

  async function requireCompany(clientId: string, companyId: string): Promise<void> {
    if ((await companies.find(clientId, companyId)) === undefined) throw notFound('company');
  }

  async function find(clientId: string, companyId: string, connectionId: string) {
    const row = await connections.find(clientId, companyId, connectionId);
    if (row === undefined) throw notFound('connection');
    return row;
  }

  /** Repeating it finishes what an attempt that broke off has left. */
  async function stop(clientId: string, companyId: string, connectionId: string) {
    const row = await connections.unlink(clientId, companyId, connectionId, (transaction) =>
      events.connectionChanged(transaction, 'connection.disconnected', { clientId, companyId, connectionId }),
    );
    if (row === undefined) throw notFound('connection');
    await credentials.drop(row.id);
    await sync.connectionStopped(row);
    return row;
  }

  return {
    async create(clientId, companyId, platformKey) {
      await requireCompany(clientId, companyId);
      const key = await integrations.requireEnabled(clientId, platformKey, 'body.platformKey');
      const id = newId();
      const row = await connections.create(clientId, { id, companyId, platformKey: key }, (transaction) =>
        events.connectionChanged(transaction, 'connection.created', {
          clientId,
          companyId,
          connectionId: id,
        }),
      );
      if (row === undefined) throw notFound('company');
      return connectionView(row, dependencies);
    },

    async get(clientId, companyId, connectionId) {
      return connectionView(await find(clientId, companyId, connectionId), dependencies);
    },

    async list(clientId, companyId, paging) {
      await requireCompany(clientId, companyId);
      const { rows, total, ...page } = await connections.list(clientId, companyId, {
        ...readListQuery(paging, fields),
        platforms,
      });
      return { results: rows.map((row) => connectionView(row, dependencies)), totalResults: total, ...page };
    },

    async setStatus(clientId, companyId, connectionId, status) {
      const row = await find(clientId, companyId, connectionId);
      if (status === 'Linked') {
        throw refused(
          'body.status',
          'a connection becomes Linked when the small business authorises it at its linkUrl.',
          'ConnectionStatus',
        );
      }
      if (status !== 'Unlinked')
        throw refused('body.status', 'Unlinked is the one status that can be set.', 'ConnectionStatus');
      if (row.status === 'PendingAuth')
        throw conflict('The connection has not been linked; delete it instead.');
      return connectionView(await stop(clientId, companyId, connectionId), dependencies);
    },

    async updateAuthorization(clientId, companyId, connectionId, values) {
      const row = await find(clientId, companyId, connectionId);
      const view = connectionView(row, dependencies);
      const [first] = Object.keys(values);
      if (first === undefined) return view;
      throw refused(
        `body.${first.slice(0, 100)}`,
        `${view.platformName} takes no credentials here; the small business authorises it at the linkUrl of the connection`,
        'Authorization',
      );
    },

    async delete(clientId, companyId, connectionId) {
      if (!(await erasure.connection(clientId, companyId, connectionId))) throw notFound('connection');
    },
  };
}
