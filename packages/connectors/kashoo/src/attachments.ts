/** What records say of the files that are attached to them. The documentation names the list, not its members. */
import type { Attachment, AttachmentReader } from '@tributary/connector-kit';
import { instant, parseExactJson } from '@tributary/model';
import { z } from 'zod';
import { wireObject } from './wire-object.ts';
import { identifier, idOrNone, type Moment, moment, text, textOrNone } from './wire-values.ts';

/** [assumed] but for the list itself. */
const wireAttachment = wireObject({
  id: identifier,
  name: text,
  contentType: text,
  size: z.unknown().optional(),
  creation: moment,
});
const withAttachments = z.object({ attachments: z.array(z.unknown()).nullish() });

export const attachments: AttachmentReader = {
  dataTypes: new Set(['invoices', 'bills']),
  of(raw) {
    const record = withAttachments.safeParse(parseExactJson(raw)).data;
    return (record?.attachments ?? []).flatMap((wire) => attachmentOf(wire) ?? []);
  },
};

/** Undefined for what has no id to ask for it by. */
function attachmentOf(wire: unknown): Attachment | undefined {
  const { data } = wireAttachment.safeParse(wire);
  const id = idOrNone(data?.id);
  if (data === undefined || id === undefined) return undefined;
  const name = textOrNone(data.name);
  const contentType = textOrNone(data.contentType);
  const dateCreated = instantOrNone(data.creation);
  const { size } = data;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(dateCreated === undefined ? {} : { dateCreated }),
    ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { fileSize: size } : {}),
  };
}

function instantOrNone(value: Moment): string | undefined {
  if (value === undefined || value === null) return undefined;
  try {
    return instant(value);
  } catch {
    return undefined;
  }
}
