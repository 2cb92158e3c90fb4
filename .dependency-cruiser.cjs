/**
 * The house's arrows (docs/ARCHITECTURE.md), checked by `npm run check`.
 * On the left a package, on the right everything of ours that it may import.
 */
const mayImport = {
  'packages/model': [],
  'packages/config': [],
  'packages/logging': [],
  'packages/vault': ['packages/config', 'packages/logging'],
  'packages/connector-kit': ['packages/model', 'packages/logging'],
  'packages/connectors/registry': ['packages/connectors', 'packages/connector-kit'],
  'packages/queue': ['packages/logging', 'packages/model'],
  'packages/store': ['packages/model', 'packages/logging', 'packages/vault', 'packages/connector-kit'],
  'packages/testing': [],
  'packages/metrics': ['packages/queue', 'packages/store', 'packages/sync', 'packages/webhooks'],
  'packages/sync': [
    'packages/config',
    'packages/connector-kit',
    'packages/connectors/registry',
    'packages/logging',
    'packages/model',
    'packages/queue',
    'packages/store',
    'packages/vault',
    'packages/webhooks',
  ],
  'packages/webhooks': [
    'packages/connector-kit',
    'packages/logging',
    'packages/model',
    'packages/store',
    'packages/vault',
  ],
};

/** Beside tests stand helpers of tests; both may import `packages/testing`. */
const testFiles = '[.](test|fixture)[.]ts$|/test-[^/]+[.]ts$|(^|/)(testing|conformance|e2e)/';

const arrows = Object.entries(mayImport).map(([room, allowed]) => ({
  name: `arrows-of-${room.replaceAll('/', '-')}`,
  comment: `${room} may import ${allowed.length > 0 ? allowed.join(', ') : 'nothing of ours'}.`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: testFiles },
  to: {
    path: '^(apps|packages)/',
    pathNot: [room, ...allowed].map((folder) => `^${folder}/`),
  },
}));

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'connectors-know-the-kit-and-the-model',
      comment: 'Connectors see the kit and the model only: no storage, jobs, web server or other platform.',
      severity: 'error',
      from: { path: '^packages/connectors/(?!registry/)([^/]+)/', pathNot: testFiles },
      to: {
        path: '^(apps|packages)/|/(fastify|bullmq|ioredis|pg|pg-boss|@prisma)/',
        pathNot: ['^packages/connectors/$1/', '^packages/connector-kit/', '^packages/model/'],
      },
    },
    {
      name: 'apps-do-not-import-each-other',
      comment: 'Each application is a process of its own; what two of them need is a package.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: testFiles },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'sandbox-stands-alone',
      comment: 'A stand-in for other companies’ servers shares no code with what is tested against it.',
      severity: 'error',
      from: { path: '^apps/sandbox/', pathNot: testFiles },
      to: { path: '^packages/', pathNot: '^packages/(config|logging)/' },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'Only `npm start` (apps/cli) uses the embedded servers outside tests.',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: ['^packages/testing/', '^apps/cli/', testFiles] },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'no-test-in-production-code',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: ['^packages/testing/', testFiles] },
      to: { path: '[.](test|fixture)[.]ts$|/node_modules/(vitest|fast-check)/' },
    },
    {
      name: 'no-circular-imports',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(generated|dist)/' },
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
