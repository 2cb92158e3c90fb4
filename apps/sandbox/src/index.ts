export { buildSandbox, type SandboxOptions } from './app.ts';
export { DatasetError } from './kashoo/books/dataset.ts';
export { DEFAULT_USER, type SandboxUser, USERS } from './kashoo/catalogue.ts';
