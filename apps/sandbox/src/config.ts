import { z } from 'zod';
import { faultProblems } from './control/faults.ts';

/** The sandbox's environment, read and checked. */
export interface SandboxConfig {
  host: string;
  port: number;
  seed: number;
  size: number;
  dataset: string | undefined;
  clientId: string;
  clientSecret: string;
  live: boolean;
  tokenSeconds: number;
  pageLimit: number;
  faults: readonly unknown[];
  dataDir: string | undefined;
  logLevel: string;
}

const whole = (low: number, high: number, fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high, {
      error: `expected a whole number from ${low} to ${high}`,
    })
    .transform(Number);

/** A JSON list of fault switches, each of them checked. */
const faultSwitches = z
  .string()
  .default('[]')
  .transform((text, context): readonly unknown[] => {
    const refuse = (message: string) => void context.issues.push({ code: 'custom', input: text, message });
    let switches: unknown;
    try {
      switches = JSON.parse(text);
    } catch {
      refuse('expected a JSON list of fault switches');
      return z.NEVER;
    }
    if (!Array.isArray(switches)) {
      refuse('expected a JSON list of fault switches');
      return z.NEVER;
    }
    for (const problem of faultProblems(switches)) refuse(problem);
    return switches;
  });

/** Longer values are cut where they are shown. */
const SHOWN_LENGTH = 80;

const schema = z.object({
  SANDBOX_HOST: z.string().default('127.0.0.1'),
  SANDBOX_PORT: whole(0, 65_535, 3100),
  SANDBOX_SEED: whole(0, 4_294_967_295, 1),
  SANDBOX_SIZE: whole(50, 1_000_000, 2000),
  SANDBOX_DATASET: z.string().optional(),
  SANDBOX_CLIENT_ID: z.string().default('sandbox'),
  SANDBOX_CLIENT_SECRET: z.string().default('sandbox-secret'),
  SANDBOX_LIVE: z.enum(['true', 'false'], { error: 'expected true or false' }).default('false'),
  SANDBOX_TOKEN_SECONDS: whole(1, 86_400, 3600),
  SANDBOX_PAGE_LIMIT: whole(1, 100_000, 1000),
  SANDBOX_FAULTS: faultSwitches,
  DATA_DIR: z.string().optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { error: 'expected a pino level' })
    .default('info'),
});

/** Reads the configuration, or everything that is wrong with it, one line each. A variable set to the empty string is treated as absent. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): SandboxConfig | { problems: string[] } {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(set);
  if (!result.success) {
    return {
      problems: result.error.issues.map(
        ({ path, message }) =>
          `${path.join('.')}=${String(set[String(path[0])]).slice(0, SHOWN_LENGTH)}: ${message}`,
      ),
    };
  }
  const values = result.data;
  return {
    host: values.SANDBOX_HOST,
    port: values.SANDBOX_PORT,
    seed: values.SANDBOX_SEED,
    size: values.SANDBOX_SIZE,
    dataset: values.SANDBOX_DATASET,
    clientId: values.SANDBOX_CLIENT_ID,
    clientSecret: values.SANDBOX_CLIENT_SECRET,
    live: values.SANDBOX_LIVE === 'true',
    tokenSeconds: values.SANDBOX_TOKEN_SECONDS,
    pageLimit: values.SANDBOX_PAGE_LIMIT,
    faults: values.SANDBOX_FAULTS,
    dataDir: values.DATA_DIR,
    logLevel: values.LOG_LEVEL,
  };
}
