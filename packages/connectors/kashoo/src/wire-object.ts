import { z } from 'zod';

/** A member whose name on the wire is not the one that the mapping uses. */
export interface Called<Schema extends z.ZodType> {
  readonly wireName: string;
  readonly schema: Schema;
}

/**
 * Gives a member another name on the wire: `phones: called('phoneList', …)` corrects an assumed name in one line,
 * and nothing that reads `phones` has to change.
 */
export function called<Schema extends z.ZodType>(wireName: string, schema: Schema): Called<Schema> {
  return { wireName, schema };
}

type Members = Readonly<Record<string, z.ZodType | Called<z.ZodType>>>;
type SchemaOf<Member> =
  Member extends Called<infer Schema> ? Schema : Member extends z.ZodType ? Member : never;
type Read<Table extends Members> = z.infer<z.ZodObject<{ [Name in keyof Table]: SchemaOf<Table[Name]> }>>;

/** An object on the wire from a table of its members. Members that the table does not know are kept. */
export function wireObject<Table extends Members>(members: Table): z.ZodType<Read<Table>> {
  const shape: Record<string, z.ZodType> = {};
  const renamed: [wireName: string, name: string][] = [];
  for (const [name, member] of Object.entries(members)) {
    if (member instanceof z.ZodType) {
      shape[name] = member;
    } else {
      shape[member.wireName] = member.schema;
      renamed.push([member.wireName, name]);
    }
  }
  const schema = z.looseObject(shape);
  const read = renamed.length === 0 ? schema : schema.transform((object) => renameMembers(object, renamed));
  // The loop above builds exactly the shape that the type says; the compiler cannot follow it.
  return read as unknown as z.ZodType<Read<Table>>;
}

function renameMembers(
  object: Readonly<Record<string, unknown>>,
  renamed: readonly (readonly [wireName: string, name: string])[],
): Record<string, unknown> {
  const wireNames = new Set(renamed.map(([wireName]) => wireName));
  const result: Record<string, unknown> = {};
  // Not a copy without some members: an object that members were taken out of is slow to read.
  for (const name of Object.keys(object)) if (!wireNames.has(name)) result[name] = object[name];
  for (const [wireName, name] of renamed) result[name] = object[wireName];
  return result;
}
