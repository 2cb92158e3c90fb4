/** Codat's specification of its events, where it is at hand (`../shared` beside the repository). For tests. */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const file = new URL('../../../../../shared/contracts/codat/Codat-Platform.json', import.meta.url);

interface Specification {
  readonly webhooks: Readonly<
    Record<
      string,
      { post: { requestBody: { content: { 'application/json': { schema: { $ref: string } } } } } }
    >
  >;
}

/**
 * Reads the specification.
 * @returns tells what is wrong with an event's body: a schema that it does not fit, or a null, which strict clients refuse. Undefined
 *   where the specification is not there.
 */
export function loadCodatEvents(): ((body: string) => string[]) | undefined {
  if (!existsSync(file)) return undefined;
  // A null is refused whether or not the specification allows it.
  const withoutNullable = (name: string, value: unknown) => (name === 'nullable' ? undefined : value);
  const document = JSON.parse(readFileSync(file, 'utf8'), withoutNullable) as Specification;
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, validateFormats: true });
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat('uri', (text: string) => URL.canParse(text));
  ajv.addSchema(document, 'codat');
  return (body) => {
    const event = JSON.parse(body) as { eventType: string };
    const name = event.eventType.replace(/^\w+(?=\.write\.)/, '{dataType}');
    const described = document.webhooks[name];
    if (described === undefined) return [`no event ${event.eventType}`];
    const { $ref } = described.post.requestBody.content['application/json'].schema;
    const validate = ajv.compile({ $ref: `codat${$ref}` });
    validate(event);
    const problems = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    return body.includes(':null') ? [...problems, 'holds a null'] : problems;
  };
}
