import type { Connector } from '@tributary/connector-kit';
import { findPlatform } from '@tributary/connectors';
import { allDataTypeKeys, type DataTypeKey, fieldsOf, matchesQuery, type OrderBy } from '@tributary/model';
import { applicationSecretBinding, createClientIntegrationRepository } from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { notFound, notFoundBecause, refused } from '../errors.ts';
import { readListQuery } from '../http/list-query.ts';
import type { PageOf, PagingQuery } from '../http/paging.ts';
import {
  type Branding,
  type Integration,
  integration as integrationSchema,
} from '../schemas/integrations.ts';

/** Application keys as they may be shown. */
interface MaskedApplicationKeys {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the platform said when it last refused the keys; new keys clear it. */
  readonly alert?: string;
}

export interface IntegrationService {
  list(
    clientId: string,
    paging: PagingQuery & { integrationType?: string | undefined },
  ): Promise<PageOf<Integration>>;
  get(clientId: string, platformKey: string): Promise<Integration>;
  branding(platformKey: string): Branding;
  setEnabled(clientId: string, platformKey: string, enabled: boolean): Promise<Integration>;
  /** @throws ApiError 400 when the platform works without application keys */
  saveApplicationKeys(
    clientId: string,
    platformKey: string,
    keys: { clientId: string; clientSecret: string },
  ): Promise<MaskedApplicationKeys>;
  /** @throws ApiError 404 when the client has saved none */
  applicationKeys(clientId: string, platformKey: string): Promise<MaskedApplicationKeys>;
  /**
   * The key of a platform that the client can connect companies to.
   * @param place what a refusal names: `body.platformType`
   * @throws ApiError 400 for an unknown or disabled platform
   */
  requireEnabled(clientId: string, keyOrWord: string, place: string): Promise<string>;
}

/** Says that there is a secret, and nothing of it. */
const mask = '********';

export function createIntegrationService(dependencies: AppDependencies): IntegrationService {
  const { store, vault, connectors, publicUrl } = dependencies;
  const repository = createClientIntegrationRepository(store);
  const fields = fieldsOf(integrationSchema);

  function connectorOf(platformKey: string): Connector {
    const connector = findPlatform(connectors, platformKey);
    if (connector === undefined)
      throw notFoundBecause(`There is no integration ${JSON.stringify(platformKey.slice(0, 40))}.`);
    return connector;
  }

  async function get(clientId: string, platformKey: string): Promise<Integration> {
    const { manifest } = connectorOf(platformKey);
    const row = await repository.find(clientId, manifest.platformKey);
    return integrationView(manifest, row?.enabled ?? false, publicUrl);
  }

  return {
    get,

    async list(clientId, paging) {
      const { filter, orderBy, page, pageSize } = readListQuery(paging, fields);
      const rows = await repository.list(clientId);
      const enabled = new Set(rows.filter((row) => row.enabled).map((row) => row.platformKey));
      const all = [...connectors.values()]
        .map(({ manifest }) => integrationView(manifest, enabled.has(manifest.platformKey), publicUrl))
        .filter((view) => paging.integrationType === undefined || view.sourceType === paging.integrationType)
        .filter((view) => filter === undefined || matchesQuery(filter, view));
      const start = (page - 1) * pageSize;
      return { results: sorted(all, orderBy).slice(start, start + pageSize), totalResults: all.length };
    },

    branding(platformKey) {
      const { manifest } = connectorOf(platformKey);
      // A platform gives one picture, and it serves for all of them.
      const image = { image: { src: logoUrlOf(manifest, publicUrl), alt: `${manifest.name} logo` } };
      const { sourceId } = manifest;
      return { logo: { full: image, square: image }, button: { default: image, hover: image }, sourceId };
    },

    async setEnabled(clientId, platformKey, enabled) {
      const { manifest } = connectorOf(platformKey);
      await repository.setEnabled(clientId, manifest.platformKey, enabled);
      return get(clientId, manifest.platformKey);
    },

    async saveApplicationKeys(clientId, platformKey, keys) {
      const { manifest } = connectorOf(platformKey);
      if (manifest.authorization !== 'oauth2')
        throw refused('path.platformKey', `${manifest.name} needs no application keys.`, 'OAuthPlatform');
      const binding = applicationSecretBinding(clientId, manifest.platformKey);
      const sealedSecret = vault.seal(keys.clientSecret, binding);
      await repository.saveApplicationKeys(clientId, manifest.platformKey, {
        clientId: keys.clientId,
        sealedSecret,
      });
      return { clientId: keys.clientId, clientSecret: mask };
    },

    async applicationKeys(clientId, platformKey) {
      const { manifest } = connectorOf(platformKey);
      const row = await repository.find(clientId, manifest.platformKey);
      if (row?.applicationClientId == null) throw notFound('pair of application keys');
      const { applicationClientId, alert } = row;
      return { clientId: applicationClientId, clientSecret: mask, ...(alert !== null && { alert }) };
    },

    async requireEnabled(clientId, keyOrWord, place) {
      const connector = findPlatform(connectors, keyOrWord);
      if (connector === undefined)
        throw refused(
          place,
          `there is no integration ${JSON.stringify(keyOrWord.slice(0, 40))}.`,
          'KnownIntegration',
        );
      const { platformKey, name } = connector.manifest;
      const row = await repository.find(clientId, platformKey);
      if (row?.enabled !== true)
        throw refused(
          place,
          `the integration ${name} (${platformKey}) is disabled; enable it first.`,
          'EnabledIntegration',
        );
      return platformKey;
    },
  };
}

function logoUrlOf({ platformKey }: Connector['manifest'], publicUrl: string): string {
  return `${publicUrl}/integrations/${platformKey}/logo`;
}

function integrationView(manifest: Connector['manifest'], enabled: boolean, publicUrl: string): Integration {
  const isSupported = (dataType: string) => manifest.dataTypes.has(dataType as DataTypeKey);
  return {
    key: manifest.platformKey,
    name: manifest.name,
    logoUrl: logoUrlOf(manifest, publicUrl),
    enabled,
    integrationId: manifest.integrationId,
    sourceId: manifest.sourceId,
    sourceType: manifest.sourceType,
    integrationType: manifest.sourceType,
    isOfflineConnector: manifest.isOfflineConnector,
    isBeta: manifest.isBeta,
    datatypeFeatures: allDataTypeKeys.map((dataType) => ({
      datatype: dataType,
      dataType,
      supportedFeatures: [
        { featureType: 'Get', featureState: isSupported(dataType) ? 'Release' : 'NotSupported' },
      ],
    })),
  };
}

/** By name, or by one of its properties; platforms are few. */
function sorted(integrations: readonly Integration[], orderBy: OrderBy | undefined): Integration[] {
  const byName = integrations.toSorted((a, b) => compare(a.name, b.name) || compare(a.key, b.key));
  if (orderBy === undefined) return byName;
  const textOf = (view: Integration) => String(view[orderBy.field as keyof Integration]);
  return byName.toSorted((a, b) => compare(textOf(a), textOf(b)) * (orderBy.descending ? -1 : 1));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
