/**
 * KashFlow's SOAP 1.1: how a call is written, and what its answers mean.
 *
 * User name and password are the first two elements of every call. Answers come with HTTP 200 even for failures: `Status` tells.
 */
import {
  credentialsOf,
  type Dialect,
  PlatformError,
  type PlatformRequest,
  type PlatformResponse,
  type PlatformSession,
  WriteRefusedError,
} from '@tributary/connector-kit';
import { childOf, escapeXml, parseXml, textOf, type XmlElement, XmlError } from './xml.ts';

/** Literally so: it is no address. */
const NAMESPACE = 'KashFlow';
const OPENING = /^<([A-Za-z_]+) xmlns="KashFlow">/;
const ENVELOPE_START =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>';
const ENVELOPE_END = '</soap:Body></soap:Envelope>';
const XML_CONTENT = /^(?:application|text)\/(?:[^;]*\+)?xml\b/i;
const COMPLETE = /<\/(?:[A-Za-z][\w.-]*:)?Envelope>\s*$/;

export const soapDialect: Dialect = {
  outgoing({ body = '' }, accessToken) {
    const [opening, operation] = OPENING.exec(body) ?? [];
    if (opening === undefined || operation === undefined) throw new TypeError('The call names no operation');
    const { username, password } = credentialsOf(accessToken);
    return {
      headers: {
        accept: 'text/xml',
        'content-type': 'text/xml; charset=utf-8',
        soapaction: `"${NAMESPACE}/${operation}"`,
      },
      body: `${ENVELOPE_START}${opening}<UserName>${escapeXml(username)}</UserName><Password>${escapeXml(password)}</Password>${body.slice(opening.length)}${ENVELOPE_END}`,
    };
  },
  problemOf(_request, { text, contentType }) {
    if (text === '') return 'the answer is empty';
    if (contentType !== '' && !XML_CONTENT.test(contentType))
      return `expected XML, the platform sent ${contentType.slice(0, 80)}`;
    return COMPLETE.test(text.slice(-200)) ? undefined : 'expected a complete SOAP envelope';
  },
};

/** Elements of a call after the credentials, in the order that the service description gives them: it matters. */
export type Arguments = readonly (readonly [name: string, value: string | number])[];

export interface Answer {
  /** `…Result`; undefined when the platform has nothing to give. */
  readonly result: XmlElement | undefined;
  readonly platformTimeMs: number | undefined;
}

/**
 * Calls an operation that only reads.
 * @param notFoundIs what to take "no such …" for: an answer without a result, or a failure (default)
 * @throws PlatformError
 */
export async function call(
  session: PlatformSession,
  operation: string,
  args: Arguments = [],
  notFoundIs: 'nothing' | 'failure' = 'failure',
): Promise<Answer> {
  const elements = args.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join('');
  const response = await session.request({
    method: 'POST',
    path: '',
    body: `<${operation} xmlns="${NAMESPACE}">${elements}</${operation}>`,
    operation: [operation, args.map(([name, value]) => `${name}=${value}`).join('&')]
      .filter((part) => part !== '')
      .join('?'),
    isRead: true,
  });
  const answer = answerElement(response.text, operation);
  const { platformTimeMs } = response;
  const status = childOf(answer, 'Status');
  if (status !== undefined && textOf(status).trim().toUpperCase() === 'OK') {
    const result = childOf(answer, `${operation}Result`);
    return { result: result === undefined || result.isNil ? undefined : result, platformTimeMs };
  }
  const detail = childOf(answer, 'StatusDetail');
  const failure = failureOf(operation, detail === undefined ? '' : textOf(detail));
  if (notFoundIs === 'nothing' && failure.code === 'notFound') return { result: undefined, platformTimeMs };
  throw failure;
}

/**
 * The call of an operation that changes something, for the engine to send.
 * @param content XML text after the credentials
 */
export function writeCall(operation: string, content: string): PlatformRequest {
  return {
    method: 'POST',
    path: '',
    body: `<${operation} xmlns="${NAMESPACE}">${content}</${operation}>`,
    operation,
    // Faults come with 500: what they say tells whether anything was done.
    accept: [500],
  };
}

/**
 * What a call that changes something answered: its result as text, undefined where there is none, and what the platform added.
 * @throws WriteRefusedError when nothing was written; PlatformError when that cannot be told
 */
export function readWriteAnswer({ status, text }: PlatformResponse): {
  value: string | undefined;
  detail: string;
} {
  if (status >= 500) throw failureOfFault(text);
  const operation = /<(?:[\w.-]+:)?(\w+)Response[\s>]/.exec(text)?.[1] ?? '';
  const answer = answerElement(text, operation);
  const said = (name: string): string => {
    const element = childOf(answer, name);
    return element === undefined || element.isNil ? '' : textOf(element).trim();
  };
  const detail = said('StatusDetail').replaceAll(/\s+/g, ' ').slice(0, DETAIL_LENGTH);
  if (said('Status').toUpperCase() !== 'OK')
    throw new WriteRefusedError(
      detail === ''
        ? `${operation}: KashFlow refused the record and did not say why.`
        : `KashFlow refused the record: ${detail}`,
    );
  return { value: said(`${operation}Result`) || undefined, detail };
}

/** A fault that blames the caller was raised before anything was done; of any other, nobody knows, so that the record has to be looked for. */
function failureOfFault(text: string): Error {
  const found = /<(?:\w+:)?faultcode>\s*(?:\w+:)?(\w+)/.exec(text);
  if (found?.[1] === 'Client')
    return new WriteRefusedError('KashFlow could not read the call; nothing was written.');
  return new PlatformError('unexpected', 'KashFlow failed', { status: 500, mayHaveTakenEffect: true });
}

function answerElement(text: string, operation: string): XmlElement {
  let envelope: XmlElement;
  try {
    envelope = parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    // Its shape was right, so that asking again at once would bring the same.
    throw new PlatformError('unexpected', `${operation}: the answer ${error.message}`, { cause: error });
  }
  const body = childOf(envelope, 'Body');
  const answer = body && childOf(body, `${operation}Response`);
  if (answer === undefined)
    throw new PlatformError('unexpected', `${operation}: the answer is none to this call`);
  return answer;
}

const SETTINGS = 'Settings › Apps › API Settings';
const NOT_FOUND =
  /\bno (?:such )?(?:customer|supplier|invoice|receipt|payment|product|journal|bank|transaction|quote)s?\b|\bnot found\b|\bdoes not exist\b/i;
const WRONG_CREDENTIALS = /(?:incorrect|invalid|wrong|unknown) (?:user ?name|password|login|credentials)/i;
const ADDRESS = /\bIP\b|\b(?:address|addresses)\b/i;
const SWITCHED_OFF = /\bAPI\b/i;
const DENIED = /access denied|denied|not (?:enabled|allowed|authori[sz]ed|permitted)|disabled/i;
const DETAIL_LENGTH = 300;

/** What a `Status` other than `OK` means. Only two of the texts are documented; the others are told by their words. */
export function failureOf(operation: string, text: string): PlatformError {
  const detail = text.replaceAll(/\s+/g, ' ').trim().slice(0, DETAIL_LENGTH);
  const said = `${operation}: KashFlow answered ${JSON.stringify(detail)}`;
  if (NOT_FOUND.test(detail)) return new PlatformError('notFound', said);
  if (WRONG_CREDENTIALS.test(detail)) {
    return new PlatformError('accessRevoked', said, {
      advice:
        'KashFlow did not accept this user name and password. Please check both; if your account has a password of its own for the API, that is the one to enter.',
    });
  }
  if (ADDRESS.test(detail)) return forbidden(said, addressAdvice);
  if (SWITCHED_OFF.test(detail)) return forbidden(said, switchedOffAdvice);
  if (DENIED.test(detail)) return forbidden(said, `${switchedOffAdvice} ${addressAdvice}`);
  return new PlatformError('unexpected', said);
}

const switchedOffAdvice = `The KashFlow API is switched off. In KashFlow, go to ${SETTINGS}, switch on “Enable SOAP API”, and try again.`;
const addressAdvice = `KashFlow lets only certain addresses in, and ours is not among them. In KashFlow, go to ${SETTINGS}, add our address to the allowed ones or remove the restriction, and try again.`;

function forbidden(said: string, advice: string): PlatformError {
  return new PlatformError('forbidden', `${said}. ${advice}`, { advice });
}
