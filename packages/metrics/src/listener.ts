/** `GET /metrics` on a listener of its own, so that what watches the process needs no way to the API. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';

export interface MetricsListener {
  close(): Promise<void>;
}

/** The listener could not be opened; the message tells the operator what to do, in one line. */
export class MetricsListenerError extends Error {
  override readonly name = 'MetricsListenerError';
}

/** @throws MetricsListenerError */
export async function startMetricsListener(
  metrics: Pick<Metrics, 'render'>,
  address: { host: string; port: number },
): Promise<MetricsListener> {
  const server = createServer((request, response) => void answer(metrics, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenerError(error, address)));
    server.listen(address.port, address.host, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  metrics: Pick<Metrics, 'render'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split('?', 1)[0];
  if (path !== '/metrics') return send(response, 404, 'There is only GET /metrics.\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return send(response, 405, 'There is only GET /metrics.\n');
  }
  try {
    const { contentType, text } = await metrics.render();
    send(response, 200, text, contentType);
  } catch {
    send(response, 500, 'The metrics could not be written.\n');
  }
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text);
}

function listenerError(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): MetricsListenerError {
  const what = () => {
    switch (error.code) {
      case 'EADDRINUSE':
        return `${host}:${port} is taken by another process; set METRICS_PORT to a free one.`;
      case 'EACCES':
        return `${host}:${port} may not be listened on by this user; set METRICS_PORT to one above 1023.`;
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        return `METRICS_HOST ${host} is no address of this machine.`;
      default:
        return `The metrics listener at ${host}:${port} could not be opened (${error.code ?? error.message}).`;
    }
  };
  return new MetricsListenerError(what(), { cause: error });
}
