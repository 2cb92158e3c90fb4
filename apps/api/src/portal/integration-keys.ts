/** What the portal tells of a client's application keys at a platform: where they are registered, and whether the platform takes them. */
import { type Connector, PlatformError } from '@tributary/connector-kit';
import { findPlatform } from '@tributary/connectors';
import { createClientIntegrationRepository } from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { notFoundBecause } from '../errors.ts';

interface IntegrationSetUp {
  readonly key: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly authType: 'oauth2' | 'credentials';
  /** To be registered at the platform; absent where there is no OAuth. */
  readonly redirectUri?: string;
  readonly clientId?: string;
  /** The client has saved a secret. */
  readonly hasSecret: boolean;
  /** The client has saved no keys, and the deployment's are used. */
  readonly usesDeploymentKeys: boolean;
  readonly alert?: string;
}

interface KeyTest {
  readonly ok: boolean;
  readonly message: string;
}

export interface IntegrationKeys {
  setUp(clientId: string, platformKey: string): Promise<IntegrationSetUp>;
  test(clientId: string, platformKey: string): Promise<KeyTest>;
}

/** Somebody waits for it. */
const longestTestMs = 20_000;

export function createIntegrationKeys(dependencies: AppDependencies): IntegrationKeys {
  const { store, connectors, credentials, publicUrl } = dependencies;
  const repository = createClientIntegrationRepository(store);

  function connectorOf(platformKey: string): Connector {
    const connector = findPlatform(connectors, platformKey);
    if (connector === undefined)
      throw notFoundBecause(`There is no integration ${JSON.stringify(platformKey.slice(0, 40))}.`);
    return connector;
  }

  const redirectUriOf = (platformKey: string) => `${publicUrl}/link/callback/${platformKey}`;

  return {
    async setUp(clientId, key) {
      const { manifest } = connectorOf(key);
      const { platformKey, name, authorization } = manifest;
      const row = await repository.find(clientId, platformKey);
      const isOAuth = authorization === 'oauth2';
      const ownId = row?.applicationClientId ?? undefined;
      const inForce = isOAuth ? await credentials.applicationKeys(clientId, platformKey) : undefined;
      return {
        key: platformKey,
        name,
        enabled: row?.enabled ?? false,
        authType: authorization,
        ...(isOAuth && { redirectUri: redirectUriOf(platformKey) }),
        ...(ownId !== undefined && { clientId: ownId }),
        hasSecret: row?.applicationSecret != null,
        usesDeploymentKeys: ownId === undefined && inForce !== undefined,
        ...(row?.alert != null && { alert: row.alert }),
      };
    },

    async test(clientId, key) {
      const { manifest, oauth2 } = connectorOf(key);
      const { name, platformKey } = manifest;
      if (oauth2 === undefined)
        return {
          ok: true,
          message: `${name} needs no application keys: each small business signs in with its own user name and password.`,
        };
      const keys = await credentials.applicationKeys(clientId, platformKey);
      if (keys === undefined)
        return {
          ok: false,
          message: 'No keys are saved yet. Paste the client id and secret, and save them first.',
        };
      try {
        const signal = AbortSignal.timeout(longestTestMs);
        await oauth2.checkKeys({ keys, redirectUri: redirectUriOf(platformKey), signal });
        return { ok: true, message: `${name} accepts the keys.` };
      } catch (error) {
        if (error instanceof PlatformError) return { ok: false, message: reasonOf(error, name) };
        throw error;
      }
    },
  };
}

function reasonOf({ code, status }: PlatformError, name: string): string {
  switch (code) {
    case 'applicationKeysRejected':
      return `${name} does not accept the client id or the secret. Copy both again from your application at ${name}, and save them.`;
    case 'rateLimited':
      return `${name} asks us to wait. Try again in a minute.`;
    case 'unavailable':
      return `${name} could not be reached, so the keys could not be tested. Try again later.`;
    default:
      return `${name} answered in a way that tells nothing about the keys${status === undefined ? '' : ` (status ${status})`}. Check the redirect URI at ${name}, and try again.`;
  }
}
