import { describe, expect, test } from 'vitest';
import { databaseProblem } from './database-problem.ts';

const withCode = (message: string, code: string) => Object.assign(new Error(message), { code });

describe('what to do about a database', () => {
  test.each([
    [
      'that does not listen',
      withCode('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'),
      'cannot be reached (connect ECONNREFUSED 127.0.0.1:1). Start it',
    ],
    [
      'that was tried on two addresses',
      new AggregateError([
        withCode('connect ECONNREFUSED ::1:1', 'ECONNREFUSED'),
        withCode('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'),
      ]),
      'connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1',
    ],
    [
      'behind an error of another library',
      new Error('query failed', { cause: withCode('getaddrinfo ENOTFOUND db', 'ENOTFOUND') }),
      'cannot be reached (getaddrinfo ENOTFOUND db)',
    ],
    [
      'that wants another password',
      withCode('password authentication failed for user "t"', '28P01'),
      'refuses the user or password in DATABASE_URL',
    ],
    [
      'that is not there',
      withCode('database "books" does not exist', '3D000'),
      'Create it, or correct the name.',
    ],
  ])('%s is told in one line that names the variable', (_what, error, part) => {
    const told = databaseProblem(error);
    expect(told).toContain(part);
    expect(told).toContain('DATABASE_URL');
    expect(told).not.toContain('\n');
  });

  test('other errors are not blamed on it', () => {
    expect(databaseProblem(new Error('no space left'))).toBeUndefined();
    expect(databaseProblem(withCode('duplicate key', '23505'))).toBeUndefined();
  });
});
