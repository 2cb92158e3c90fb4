import type { Dialect, PlatformRequest } from './connector.ts';
import { isEnclosedJson } from './json-text.ts';

/** A bearer token in the header, and JSON both ways: what most platforms speak. */
export const bearerJson: Dialect = {
  outgoing: (request, accessToken) => ({
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: request.body,
  }),
  problemOf: jsonProblem,
};

const JSON_CONTENT = /^(?:application|text)\/(?:[^;]*\+)?json\b/i;

/** Why a success is no usable JSON, if so: a maintenance page, or a body that ended early without the connection saying so. */
function jsonProblem(
  request: PlatformRequest,
  answer: { body: Buffer; contentType: string },
): string | undefined {
  if (answer.body.length === 0) return request.method === 'GET' ? 'the answer is empty' : undefined;
  if (answer.contentType !== '' && !JSON_CONTENT.test(answer.contentType)) {
    return `expected JSON, the platform sent ${answer.contentType.slice(0, 80)}`;
  }
  return isEnclosedJson(answer.body) ? undefined : 'expected a complete JSON array or object';
}
