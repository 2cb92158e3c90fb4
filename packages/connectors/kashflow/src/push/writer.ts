/** How records are written to KashFlow. */
import { type RecordWriter, WriteRefusedError, type WriteRequest } from '@tributary/connector-kit';
import type { AnyDataTypeKey } from '@tributary/model';
import { readWriteAnswer } from '../soap.ts';
import { customers, suppliers } from './contacts.ts';
import { items } from './items.ts';
import type { WriteKind } from './kind.ts';
import { payments } from './payments.ts';
import { bills, invoices } from './sales.ts';

const KINDS: ReadonlyMap<AnyDataTypeKey, WriteKind> = new Map<AnyDataTypeKey, WriteKind>([
  ['customers', customers],
  ['suppliers', suppliers],
  ['items', items],
  ['invoices', invoices],
  ['bills', bills],
  ['payments', payments],
]);
const UPDATES: ReadonlySet<AnyDataTypeKey> = new Set([
  'customers',
  'suppliers',
  'items',
  'invoices',
  'bills',
]);

function kindOf({ dataType }: WriteRequest): WriteKind {
  const kind = KINDS.get(dataType);
  if (kind === undefined) throw new TypeError(`KashFlow takes no ${dataType}`);
  return kind;
}

export const writer: RecordWriter = {
  updates: UPDATES,
  validate: (request) => kindOf(request).validate(request),
  prepare: (session, request) => kindOf(request).prepare(session, request),
  async readWritten(session, request, answer) {
    const result = readWriteAnswer(answer);
    // An insert gives an id or a number; nothing, or 0, is how it refuses without a word.
    if (request.action === 'create' && !/^[1-9][0-9]*$/.test(result.value ?? ''))
      throw new WriteRefusedError(
        result.detail === ''
          ? 'KashFlow wrote nothing and did not say why.'
          : `KashFlow refused the record: ${result.detail}`,
      );
    return kindOf(request).readBack(session, request, result.value);
  },
  findWritten: (session, request, lost) => kindOf(request).find(session, request, lost),
};
