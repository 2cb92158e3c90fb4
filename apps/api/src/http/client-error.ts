import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '@tributary/logging';
import { ApiError } from '../errors.ts';
import { envelopeOf } from '../plugins/error-envelope.ts';

interface BrokenRequest extends Error {
  readonly code?: string;
}

/** What Node could not read as a request, as an error of the API. */
function problemOf({ code }: BrokenRequest): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW') return new ApiError(431, 'The headers are too large.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ApiError(408, 'The request took too long to arrive.', { canBeRetried: 'True' });
  }
  return new ApiError(400, 'The request is not valid HTTP.');
}

/** Answers in the error envelope where there is no request yet, only a connection, and closes it. */
export function createClientErrorHandler(options: { logger: Logger; newCorrelationId: () => string }) {
  return (error: BrokenRequest, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const correlationId = options.newCorrelationId();
    const problem = problemOf(error);
    options.logger.info({ err: error, correlationId }, 'a request could not be read');
    const body = JSON.stringify(envelopeOf(problem, correlationId));
    const head = [
      `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`,
      `X-Correlation-Id: ${correlationId}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    socket.destroySoon();
  };
}
