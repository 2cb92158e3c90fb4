/** The service description of what is served, for clients that are made from it. */
import { OPERATIONS } from './description.ts';
import { TYPES } from './types.ts';

const ELEMENT = 's:element minOccurs="0" maxOccurs="1"';

const memberLine = ([name, type]: readonly [string, string]): string =>
  `<${ELEMENT} name="${name}" type="${type}"/>`;

const complexType = (name: string, content: string): string =>
  `<s:complexType name="${name}"><s:sequence>${content}</s:sequence></s:complexType>`;

const wrapper = (name: string, content: string): string =>
  `<s:element name="${name}"><s:complexType><s:sequence>${content}</s:sequence></s:complexType></s:element>`;

const resultType = (result: string, isList: boolean): string =>
  result.startsWith('s:') ? result : `tns:${isList ? 'ArrayOf' : ''}${result}`;

/** @param address where calls are posted to */
export function wsdlOf(address: string): string {
  const credentials = [
    ['UserName', 's:string'],
    ['Password', 's:string'],
  ] as const;
  const status = [
    ['Status', 's:string'],
    ['StatusDetail', 's:string'],
  ] as const;
  const types = Object.entries(TYPES).map(([name, members]) =>
    complexType(name, members.map(memberLine).join('')),
  );
  const lists = [
    ...new Set(
      Object.values(OPERATIONS).flatMap(({ isList, result }) =>
        isList && result !== undefined ? [result] : [],
      ),
    ),
  ];
  const arrays = lists.map((name) =>
    complexType(
      `ArrayOf${name}`,
      `<s:element minOccurs="0" maxOccurs="unbounded" name="${name}" nillable="true" type="tns:${name}"/>`,
    ),
  );
  const anything = complexType(
    'ArrayOfAnyType',
    '<s:element minOccurs="0" maxOccurs="unbounded" name="anyType" nillable="true"/>',
  );
  const operations = Object.entries(OPERATIONS);
  const elements = operations.map(([name, { args, result, isList, extra }]) => {
    const results = result === undefined ? [] : [[`${name}Result`, resultType(result, isList)] as const];
    const request = [...credentials, ...args].map(memberLine).join('');
    const response = [...results, ...status, ...extra].map(memberLine).join('');
    return wrapper(name, request) + wrapper(`${name}Response`, response);
  });
  const messages = operations.map(
    ([name]) =>
      `<message name="${name}SoapIn"><part name="parameters" element="tns:${name}"/></message><message name="${name}SoapOut"><part name="parameters" element="tns:${name}Response"/></message>`,
  );
  const ports = operations.map(
    ([name]) =>
      `<operation name="${name}"><input message="tns:${name}SoapIn"/><output message="tns:${name}SoapOut"/></operation>`,
  );
  const body = '<soap:body use="literal"/>';
  const bindings = operations.map(
    ([name]) =>
      `<operation name="${name}"><soap:operation soapAction="KashFlow/${name}" style="document"/><input>${body}</input><output>${body}</output></operation>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="KashFlow" targetNamespace="KashFlow">
<types><s:schema elementFormDefault="qualified" targetNamespace="KashFlow">${types.join('')}${arrays.join('')}${anything}${elements.join('')}</s:schema></types>
${messages.join('\n')}
<portType name="KashFlowAPISoap">${ports.join('\n')}</portType>
<binding name="KashFlowAPISoap" type="tns:KashFlowAPISoap"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
${bindings.join('\n')}
</binding>
<service name="KashFlowAPI"><port name="KashFlowAPISoap" binding="tns:KashFlowAPISoap"><soap:address location="${address}"/></port></service>
</definitions>
`;
}
