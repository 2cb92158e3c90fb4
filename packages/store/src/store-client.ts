/**
 * The client that the store's pools are made of: {@link ByteClient}, whose queries are garbage as soon as they are answered, end after a
 * time of their own, and send large parameters without copying them.
 *
 * The driver sets `query.callback = (…) => …` when a query's answer is a promise, and when queries have a time limit (`query_timeout`).
 * V8 allocates a function that is written as the value of a property among old objects. From there it keeps the query, its parameters
 * and its rows, and nothing but a collection of the whole heap frees them (docs/adr/0052). Here, functions reach queries by parameter.
 */
import type pg from 'pg';
import { type BindConfig, bindInPieces, hasLargeValue } from './bind-in-pieces.ts';
import { ByteClient } from './byte-rows.ts';

export interface StoreClientConfig extends pg.ClientConfig {
  /** Milliseconds after which a query fails, and its connection with it; absent: queries take their time. */
  readonly longestQueryMs?: number | undefined;
}

type DriverConnection = {
  bind(config: BindConfig): void;
  readonly stream: { readonly writable: boolean; write(bytes: Buffer): unknown };
};
type Answer = (error: Error | null | undefined, result?: unknown) => void;
type Submittable = { submit(connection: object): unknown; callback?: Answer | undefined };
/** `client.query` in its three forms: a query object, with a callback, and for a promise. */
type Ask = (config: unknown, values?: unknown, callback?: Answer) => unknown;

export class StoreClient extends ByteClient {
  readonly #longestMs: number | undefined;
  readonly #ask: Ask = super.query.bind(this);

  constructor(config: StoreClientConfig = {}) {
    super(config);
    this.#longestMs = config.longestQueryMs;
    const { connection } = this as unknown as { connection: DriverConnection };
    const bind = connection.bind.bind(connection);
    connection.bind = (bound) => {
      if (!hasLargeValue(bound)) return bind(bound);
      for (const piece of bindInPieces(bound)) if (connection.stream.writable) connection.stream.write(piece);
    };
  }

  override query: pg.Client['query'] = ((config: unknown, values?: unknown, callback?: Answer) => {
    if (isSubmittable(config)) {
      const { callback: told } = config;
      if (told !== undefined) config.callback = this.#limited(told);
      return this.#ask(config);
    }
    const told = typeof values === 'function' ? (values as Answer) : callback;
    const given = typeof values === 'function' ? undefined : values;
    if (told !== undefined) return this.#ask(config, given, this.#limited(told));
    return new Promise((resolve, reject) => {
      const settle: Answer = (error, result) => (error ? reject(error) : resolve(result));
      this.#ask(config, given, this.#limited(settle));
    }).catch((error: Error) => {
      // To where the query was asked, instead of where the answer arrived.
      Error.captureStackTrace(error);
      throw error;
    });
  }) as pg.Client['query'];

  /** What comes after the time is over is the answer of a server that nobody waits for: the connection is given up. */
  #limited(told: Answer): Answer {
    if (this.#longestMs === undefined) return told;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      told(new Error('Query read timeout'));
      (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    }, this.#longestMs);
    return (error, result) => {
      clearTimeout(timer);
      if (!isLate) told(error, result);
    };
  }
}

/**
 * From now on a client's statements are sent as they come, without waiting for the answers of those before; or no longer. Only while no
 * answer is outstanding. The driver knows this as an option of a client for all its life; the lists of the API read with cursors, which
 * cannot be sent ahead of.
 */
export function setPipelining(client: pg.ClientBase, isOn: boolean): void {
  (client as unknown as { pipeline: boolean }).pipeline = isOn;
}

function isSubmittable(value: unknown): value is Submittable {
  return typeof value === 'object' && value !== null && 'submit' in value;
}
