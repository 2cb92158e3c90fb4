/** SOAP envelopes: what comes in, read; what goes out, written. */
import { SaxesParser } from 'saxes';
import { element, escapeXml } from './xml.ts';

const NAMESPACE = 'KashFlow';
const START =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>';
const END = '</soap:Body></soap:Envelope>';

export interface SoapCall {
  readonly operation: string;
  /** Texts of the elements below the operation, by name. */
  readonly args: ReadonlyMap<string, string>;
  /** Their names in the order in which they came. */
  readonly order: readonly string[];
}

/** The call in an envelope; undefined when there is none, or the text is no XML. */
export function readCall(text: string): SoapCall | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  let isWrong = false;
  const spot = () => {
    isWrong = true;
  };
  parser.on('error', spot);
  parser.on('doctype', spot);
  const path: string[] = [];
  let operation: string | undefined;
  let value = '';
  const args = new Map<string, string>();
  const order: string[] = [];
  parser.on('opentag', ({ local, uri }) => {
    if (path.length === 2 && path[1] === 'Body' && operation === undefined && uri === NAMESPACE)
      operation = local;
    path.push(local);
    value = '';
  });
  parser.on('text', (piece) => {
    value += piece;
  });
  parser.on('cdata', (piece) => {
    value += piece;
  });
  parser.on('closetag', ({ local }) => {
    if (path.length === 4 && path[2] === operation) {
      args.set(local, value);
      order.push(local);
    }
    path.pop();
  });
  try {
    parser.write(text).close();
  } catch {
    return undefined;
  }
  return isWrong || operation === undefined ? undefined : { operation, args, order };
}

export interface AnswerParts {
  readonly operation: string;
  /** Content of the result element. */
  readonly result: string;
  readonly status: 'OK' | 'NO';
  readonly detail?: string;
  /** Elements after `StatusDetail`. */
  readonly extra?: string;
}

export function answerText({ operation, result, status, detail = '', extra = '' }: AnswerParts): string {
  const content = `${element(`${operation}Result`, result)}<Status>${status}</Status>${element('StatusDetail', escapeXml(detail))}${extra}`;
  return `${START}<${operation}Response xmlns="${NAMESPACE}">${content}</${operation}Response>${END}`;
}

export function faultText(message: string): string {
  return `${START}<soap:Fault><faultcode>soap:Client</faultcode><faultstring>${escapeXml(message)}</faultstring><detail /></soap:Fault>${END}`;
}
