/**
 * With what API and worker are started beside their own configuration (docs/adr/0048). The scripts of package.json, docker-compose.yml,
 * the Dockerfile and docs/operations.md say the same; a test holds them together.
 */
export const launch = {
  environment: {
    /** Below the root of the repository. Node keeps there what it made of the sources, and does not strip and compile them again. */
    NODE_COMPILE_CACHE: 'node_modules/.cache/tributary',
    /** Of glibc: freed memory is not kept by as many heaps as there are threads. */
    MALLOC_ARENA_MAX: '2',
  },
  /** Of the API: with a larger space for new objects, its memory is fresh for each page, and the kernel has to hand it out (docs/performance.md). */
  apiArguments: ['--max-semi-space-size=8'],
  /** Of the worker: garbage is collected early, so that memory does not grow with the books. */
  workerArguments: ['--max-semi-space-size=4', '--heap-growing-percent=60'],
} as const;
