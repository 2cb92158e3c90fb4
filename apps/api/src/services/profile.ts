import { type Client, createClientRepository } from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { notFound, refused } from '../errors.ts';
import { redirectUrlProblem } from '../http/redirect-url.ts';
import type { Profile, ReplacedProfile } from '../schemas/profile.ts';

export interface ProfileService {
  get(clientId: string): Promise<Profile>;
  /** @throws ApiError 400 for a redirect URL that is not allowed */
  replace(clientId: string, profile: ReplacedProfile): Promise<Profile>;
}

export function createProfileService({ store, allowPrivateTargets }: AppDependencies): ProfileService {
  const clients = createClientRepository(store);
  return {
    async get(clientId) {
      const client = await clients.find(clientId);
      if (client === undefined) throw notFound('client');
      return profileView(client);
    },

    async replace(clientId, profile) {
      const redirectUrl = profile.redirectUrl || null;
      const problem =
        redirectUrl === null ? undefined : redirectUrlProblem(redirectUrl, { allowPrivateTargets });
      if (problem !== undefined) throw refused('body.redirectUrl', problem, 'RedirectUrl');
      const client = await clients.replaceProfile(clientId, {
        name: profile.name,
        logoUrl: profile.logoUrl || null,
        iconUrl: profile.iconUrl || null,
        redirectUrl,
        whiteListUrls: profile.whiteListUrls ?? [],
      });
      if (client === undefined) throw notFound('client');
      return profileView(client);
    },
  };
}

function profileView({ name, logoUrl, iconUrl, redirectUrl, whiteListUrls }: Client): Profile {
  return {
    name,
    ...(logoUrl !== null && { logoUrl }),
    ...(iconUrl !== null && { iconUrl }),
    redirectUrl: redirectUrl ?? '',
    whiteListUrls: [...whiteListUrls],
  };
}
