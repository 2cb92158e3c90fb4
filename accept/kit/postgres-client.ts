import { connect, type Socket } from 'node:net';

/**
 * Asks a PostgreSQL server that trusts us one question, by the simple query protocol of version 3.
 * @returns the rows, every value as text
 * @throws {Error} with the server's message
 */
export async function query(databaseUrl: string, sql: string): Promise<(string | null)[][]> {
  const { hostname, port, username, pathname } = new URL(databaseUrl);
  const socket = connect(Number(port), hostname);
  try {
    socket.write(startup(username, pathname.slice(1)));
    return await converse(socket, sql);
  } finally {
    socket.destroy();
  }
}

function startup(user: string, database: string): Buffer {
  const parameters = ['user', user, 'database', database, 'client_encoding', 'UTF8', ''];
  const body = Buffer.concat([
    Buffer.from([0, 3, 0, 0]),
    Buffer.from(parameters.join('\0')),
    Buffer.from([0]),
  ]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

function queryMessage(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

async function converse(socket: Socket, sql: string): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  let chunks: Buffer[] = [];
  let arrived = 0;
  let asked = false;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    arrived += chunk.length;
    // A message of many megabytes is put together once, when the last of it is there.
    const [first] = chunks;
    if (first && first.length >= 5 && arrived < first.readInt32BE(1) + 1) continue;
    let pending = Buffer.concat(chunks);
    for (;;) {
      if (pending.length < 5) break;
      const size = pending.readInt32BE(1) + 1;
      if (pending.length < size) break;
      const type = String.fromCharCode(pending[0] ?? 0);
      const body = pending.subarray(5, size);
      pending = pending.subarray(size);
      if (type === 'E') throw new Error(errorText(body));
      if (type === 'D') rows.push(rowOf(body));
      if (type !== 'Z') continue;
      if (asked) return rows;
      asked = true;
      socket.write(queryMessage(sql));
    }
    chunks = pending.length > 0 ? [pending] : [];
    arrived = pending.length;
  }
  throw new Error('PostgreSQL closed the connection.');
}

function rowOf(body: Buffer): (string | null)[] {
  let offset = 2;
  return Array.from({ length: body.readInt16BE(0) }, () => {
    const length = body.readInt32BE(offset);
    offset += 4;
    if (length < 0) return null;
    offset += length;
    return body.toString('utf8', offset - length, offset);
  });
}

/** The message field of an error answer. */
function errorText(body: Buffer): string {
  const fields = body.toString('utf8').split('\0');
  return fields.find((field) => field.startsWith('M'))?.slice(1) ?? 'unknown error';
}
