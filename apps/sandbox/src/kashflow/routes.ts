import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../kashoo/errors.ts';
import type { Library } from '../kashoo/library.ts';
import { type KashFlowAccess, REFUSALS } from './access.ts';
import { OPERATIONS } from './description.ts';
import { answerText, faultText, readCall, type SoapCall } from './envelope.ts';
import { HANDLERS, type Outcome, type Request } from './operations.ts';
import { MalformedCall } from './received.ts';
import { isWrite, nothingOf, write } from './writes.ts';
import { wsdlOf } from './wsdl.ts';

export interface KashFlowRoutesOptions {
  library: Library;
  access: KashFlowAccess;
  nowMs(): number;
  /** The most rows of one page of a paged listing. */
  pageLimit: number;
}

/** What the platform itself allows at most. */
const MOST_PER_PAGE = 100;
const XML = 'text/xml; charset=utf-8';

/** The operation that a request names in its header; undefined for a request of another kind. */
export function operationOf(request: FastifyRequest): string | undefined {
  const action = request.headers['soapaction'];
  return typeof action === 'string' ? /^"?KashFlow\/(\w+)"?$/.exec(action)?.[1] : undefined;
}

/** One address for everything: calls are posted to it, and `?WSDL` describes them. */
export function kashFlowRoutes(
  app: FastifyInstance,
  { library, access, nowMs, pageLimit }: KashFlowRoutesOptions,
  done: () => void,
): void {
  app.addContentTypeParser(
    ['text/xml', 'application/soap+xml', 'application/xml'],
    { parseAs: 'string' },
    (_request, body, next) => next(null, body),
  );

  app.get('/service.asmx', async (request, reply) => {
    const isDescription = /[?&]wsdl(?:=|&|$)/i.test(request.url);
    if (!isDescription)
      return reply.type('text/plain').send('Post SOAP envelopes here; ?WSDL describes them.\n');
    return reply.type(XML).send(wsdlOf(`${request.protocol}://${request.host}${request.url.split('?')[0]}`));
  });

  app.post('/service.asmx', async (request, reply) => {
    const call = readCall(String(request.body ?? ''));
    if (call === undefined || call.operation !== operationOf(request) || !isServed(call.operation))
      return fault(reply, 'Server was unable to read the request, or does not know its operation.');
    const { operation } = call;
    const read = readers(call);
    const refuse = (detail: string) =>
      reply.type(XML).send(answerText({ operation, result: nothingOf(operation), status: 'NO', detail }));
    const opened = access.open(read.text('UserName'), read.text('Password'));
    if (typeof opened === 'string') return refuse(REFUSALS[opened]);
    const { store } = await library.open(opened);
    if (isWrite(operation)) {
      try {
        const result = write(store, nowMs(), call);
        return reply.type(XML).send(answerText({ operation, result, status: 'OK' }));
      } catch (error) {
        if (error instanceof Refusal) return refuse(error.message);
        if (error instanceof MalformedCall) return fault(reply, error.message);
        throw error;
      }
    }
    const outcome = HANDLERS[operation]?.({
      store,
      page: pageOf(request, call, pageLimit),
      ...read,
    });
    if (outcome === undefined) return fault(reply, 'no such operation');
    if ('single' in outcome && outcome.single === undefined)
      return refuse(`There is no ${outcome.missing} with that number`);
    return reply.type(XML).send(answerText({ operation, status: 'OK', ...contentOf(outcome) }));
  });
  done();
}

const isServed = (operation: string): boolean =>
  Object.hasOwn(OPERATIONS, operation) && (isWrite(operation) || Object.hasOwn(HANDLERS, operation));

function fault(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(500).type(XML).send(faultText(message));
}

function contentOf(outcome: Outcome): { result: string; extra?: string } {
  if ('single' in outcome) return { result: outcome.single ?? '' };
  return { result: outcome.rows.join(''), ...(outcome.extra === undefined ? {} : { extra: outcome.extra }) };
}

/** Elements that come out of order are dropped without a word, as the platform does. */
function readers({ operation, args, order }: SoapCall): Pick<Request, 'text' | 'whole' | 'date'> {
  const expected = ['UserName', 'Password', ...(OPERATIONS[operation]?.args.map(([name]) => name) ?? [])];
  const text = (name: string): string => {
    const before = expected.slice(0, expected.indexOf(name));
    const isInPlace = order.slice(0, order.indexOf(name)).every((other) => before.includes(other));
    return isInPlace ? (args.get(name)?.trim() ?? '') : '';
  };
  return {
    text,
    whole: (name) => BigInt(/^-?\d{1,10}$/.test(text(name)) ? text(name) : '0'),
    date: (name) => (/^\d{4}-\d{2}-\d{2}/.test(text(name)) ? text(name).slice(0, 10) : '0001-01-01'),
  };
}

/** Asked for by page, or by `offset` and `limit` of the query, which only the sandbox's own switches use. */
function pageOf(
  request: FastifyRequest,
  { args }: Pick<SoapCall, 'args'>,
  pageLimit: number,
): { offset: number; limit: number } {
  const query = request.query as Readonly<Record<string, string | undefined>>;
  const numberIn = (text: string | undefined, fallback: number): number =>
    /^\d{1,9}$/.test(text ?? '') ? Number(text) : fallback;
  const asked = numberIn(query['limit'], numberIn(args.get('PerPage'), MOST_PER_PAGE));
  const limit = Math.max(1, Math.min(asked, MOST_PER_PAGE, pageLimit));
  const page = numberIn(args.get('Page') ?? args.get('PageNumber'), 1);
  return { offset: numberIn(query['offset'], (Math.max(1, page) - 1) * limit), limit };
}
