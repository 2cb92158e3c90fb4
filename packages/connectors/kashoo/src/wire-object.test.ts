import { expect, test } from 'vitest';
import { z } from 'zod';
import { called, wireObject } from './wire-object.ts';

test('a member that is called otherwise on the wire is read under its own name; unknown members stay', () => {
  const schema = wireObject({ phones: called('phoneList', z.array(z.string())), name: z.string() });
  expect(schema.parse({ phoneList: ['1'], name: 'x', other: 2 })).toEqual({
    phones: ['1'],
    name: 'x',
    other: 2,
  });
  expect(schema.safeParse({ phoneList: [1], name: 'x' }).error?.issues[0]?.path).toEqual(['phoneList', 0]);
});
