/**
 * Rows as the bytes that PostgreSQL sent. Documents only pass through on their way to a client: decoding them from UTF-8 and encoding
 * them again would cost more than everything else that a page of a list needs (docs/performance.md). A byte is kept as one character,
 * which V8 stores in one byte and copies without looking at it.
 *
 * The driver has no option for it, but for the encoding of the reader inside its parser, which is switched while the rows of such a
 * query arrive. Where that reader is not in reach, values are converted afterwards: slower, never wrong.
 */
import pg from 'pg';
import { Parser } from 'pg-protocol/dist/parser';

declare const bytes: unique symbol;

/** Text as its UTF-8 bytes, each a character from U+0000 to U+00FF: what `buffer.toString('latin1')` gives of them. */
export type ByteText = string & { readonly [bytes]: true };

/** The text that the bytes stand for. */
export const textOf = (value: ByteText): string => Buffer.from(value, 'latin1').toString('utf8');

/** A text as bytes. */
export const bytesOf = (text: string): ByteText => Buffer.from(text, 'utf8').toString('latin1') as ByteText;

/** One row: the values of its columns in their order, as PostgreSQL writes them. */
export type ByteRow = readonly (ByteText | null)[];

type Message = { readonly name: string; readonly fields?: readonly (string | null)[] };
type Reader = { encoding: BufferEncoding };
type DriverConnection = {
  attachListeners(stream: NodeJS.ReadableStream): void;
  emit(event: string, message: Message): boolean;
};

/** The readers of connections that {@link ByteClient}s have. */
const readers = new WeakMap<object, Reader>();

/** A client whose connection reads rows as bytes where that is asked for; the store's own (`store-client.ts`) is one. */
export class ByteClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: DriverConnection };
    connection.attachListeners = (stream) => {
      const parser = new Parser();
      readers.set(connection, (parser as unknown as { reader: Reader }).reader);
      const tell = (message: Message) => {
        connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
      };
      stream.on('data', (chunk: Buffer) => parser.parse(chunk, tell as Parameters<typeof parser.parse>[1]));
    };
  }
}

/** What the driver calls on a query that it runs. */
interface DriverQuery {
  submit(connection: object): unknown;
  handleRowDescription(message: Message): void;
  handleCommandComplete(message: Message, connection: object): void;
  handleError(error: Error, connection: object): void;
}

class ByteQuery extends (pg.Query as unknown as new (
  config: pg.QueryConfig,
  callback: (error: Error | null) => void,
) => DriverQuery) {
  readonly received: ByteRow[] = [];
  #reader: Reader | undefined;

  override submit(connection: object): unknown {
    this.#reader = readers.get(connection);
    return super.submit(connection);
  }

  override handleRowDescription(message: Message): void {
    super.handleRowDescription(message);
    if (this.#reader !== undefined) this.#reader.encoding = 'latin1';
  }

  handleDataRow({ fields = [] }: Message): void {
    const values = fields as ByteRow;
    this.received.push(
      this.#reader === undefined ? values.map((value) => (value === null ? null : bytesOf(value))) : values,
    );
  }

  override handleCommandComplete(message: Message, connection: object): void {
    this.#readText();
    super.handleCommandComplete(message, connection);
  }

  override handleError(error: Error, connection: object): void {
    // One that came in the midst of rows was read as they are.
    if (this.#reader?.encoding === 'latin1' && error instanceof pg.DatabaseError) {
      error.message = textOf(error.message as ByteText);
    }
    this.#readText();
    super.handleError(error, connection);
  }

  #readText(): void {
    if (this.#reader !== undefined) this.#reader.encoding = 'utf-8';
  }
}

/** Runs a statement on a connection, and gives its rows as bytes. */
export function queryBytesOn(client: pg.ClientBase, statement: pg.QueryConfig): Promise<ByteRow[]> {
  return new Promise((resolve, reject) => {
    const query = new ByteQuery(statement, (error) => {
      if (error === null || error === undefined) resolve(query.received);
      else reject(error);
    });
    client.query(query);
  });
}

/** The same on a connection of the pool; as with `pool.query`, one on which a statement failed is not used again. */
export async function queryBytes(pool: pg.Pool, statement: pg.QueryConfig): Promise<ByteRow[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only: unheard, the error of this one would end the process. Its statement fails by itself.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await queryBytesOn(client, statement);
  } catch (error) {
    broken ??= error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
