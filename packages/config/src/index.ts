export {
  type ApiConfiguration,
  apiConfiguration,
  type ClientConfiguration,
  clientConfiguration,
  type MigrateConfiguration,
  migrateConfiguration,
  rekeyConfiguration,
  type StartConfiguration,
  startConfiguration,
  type WorkerConfiguration,
  workerConfiguration,
} from './configurations.ts';
export {
  ConfigurationError,
  type Environment,
  exitOnConfigurationError,
  readEnvironment,
} from './environment.ts';
export { launch } from './launch.ts';
export type { EncryptionKey } from './variables.ts';
