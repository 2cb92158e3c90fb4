/** SOAP envelopes: what comes in, read; what goes out, written. */
import { SaxesParser } from 'saxes';
import { element, escapeXml } from './xml.ts';

const NAMESPACE = 'KashFlow';
const START =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>';
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const END = '</soap:Body></soap:Envelope>';

/** An element as it came. */
export interface SoapElement {
  readonly name: string;
  /** Its own text; of an element with elements below it, what stands between them. */
  readonly text: string;
  /** `xsi:type`, without prefix. */
  readonly type: string | undefined;
  readonly elements: readonly SoapElement[];
}

export interface SoapCall {
  readonly operation: string;
  /** Texts of the elements below the operation, by name. */
  readonly args: ReadonlyMap<string, string>;
  /** The same as elements. */
  readonly elements: readonly SoapElement[];
  /** Their names in the order in which they came. */
  readonly order: readonly string[];
}

interface OpenElement {
  name: string;
  text: string;
  type: string | undefined;
  elements: OpenElement[];
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
  let operation: OpenElement | undefined;
  const open: OpenElement[] = [];
  parser.on('opentag', ({ local, uri, attributes }) => {
    const type = Object.values(attributes).find((one) => one.local === 'type' && one.uri === INSTANCE);
    const element: OpenElement = {
      name: local,
      text: '',
      type: type?.value.replace(/^.*:/, ''),
      elements: [],
    };
    const isCall = open.length === 2 && open[1]?.name === 'Body' && uri === NAMESPACE;
    if (isCall) operation ??= element;
    open.at(-1)?.elements.push(element);
    open.push(element);
  });
  const append = (piece: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => open.pop());
  try {
    parser.write(text).close();
  } catch {
    return undefined;
  }
  if (isWrong || operation === undefined) return undefined;
  const { name, elements } = operation;
  return {
    operation: name,
    args: new Map(elements.map((element) => [element.name, element.text])),
    elements,
    order: elements.map((element) => element.name),
  };
}

export interface AnswerParts {
  readonly operation: string;
  /** Content of the result element; undefined when the operation has none. */
  readonly result: string | undefined;
  readonly status: 'OK' | 'NO';
  readonly detail?: string;
  /** Elements after `StatusDetail`. */
  readonly extra?: string;
}

export function answerText({ operation, result, status, detail = '', extra = '' }: AnswerParts): string {
  const shown = result === undefined ? '' : element(`${operation}Result`, result);
  const content = `${shown}<Status>${status}</Status>${element('StatusDetail', escapeXml(detail))}${extra}`;
  return `${START}<${operation}Response xmlns="${NAMESPACE}">${content}</${operation}Response>${END}`;
}

export function faultText(message: string): string {
  return `${START}<soap:Fault><faultcode>soap:Client</faultcode><faultstring>${escapeXml(message)}</faultstring><detail /></soap:Fault>${END}`;
}
