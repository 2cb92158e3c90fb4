import { findPlatform } from '@tributary/connectors';
import { type DataTypeKey, dataTypes } from '@tributary/model';
import { createSupplementalDataRepository } from '@tributary/store';
import { isServed, requireDataType } from '../data/sources.ts';
import type { AppDependencies } from '../dependencies.ts';
import { notFoundBecause } from '../errors.ts';
import type { SupplementalGroups } from '../schemas/supplemental-data.ts';

/**
 * What a client wants of a platform's records beside the unified ones. It is applied by the next sync of each connection, to
 * records that are stored already as well, from the raw ones.
 */
export interface SupplementalDataService {
  /** @throws ApiError 404 for a platform or data type that has no records of its own to pick from */
  save(clientId: string, platformKey: string, dataType: string, groups: SupplementalGroups): Promise<void>;
  get(
    clientId: string,
    platformKey: string,
    dataType: string,
  ): Promise<{ supplementalDataConfig: SupplementalGroups }>;
}

export function createSupplementalDataService({
  store,
  connectors,
}: Pick<AppDependencies, 'store' | 'connectors'>): SupplementalDataService {
  const configs = createSupplementalDataRepository(store);

  /** Where the configuration lives, by the names that it is stored under. */
  function placeOf(keyOrWord: string, name: string): [platformKey: string, dataType: DataTypeKey] {
    const manifest = findPlatform(connectors, keyOrWord)?.manifest;
    if (manifest === undefined)
      throw notFoundBecause(`There is no integration ${JSON.stringify(keyOrWord.slice(0, 40))}.`);
    const dataType = requireDataType(name);
    const isRead = isServed(dataType) && manifest.dataTypes.has(dataType);
    if (!isRead) throw notFoundBecause(`Datatype ${dataType} not supported by platform(s) ${manifest.name}.`);
    const isTaken = manifest.dataTypes.get(dataType)?.derivation === undefined;
    if (!isTaken || !('supplementalData' in dataTypes[dataType].response.shape))
      throw notFoundBecause(
        `Records of ${dataType} are derived at ${manifest.name}: there is no more to pick from them.`,
      );
    return [manifest.platformKey, dataType];
  }

  return {
    async save(clientId, keyOrWord, name, groups) {
      await configs.save(clientId, ...placeOf(keyOrWord, name), groups);
    },

    async get(clientId, keyOrWord, name) {
      const { config } = await configs.find(clientId, ...placeOf(keyOrWord, name));
      return { supplementalDataConfig: { ...config } };
    },
  };
}
