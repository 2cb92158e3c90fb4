import { expect, test } from 'vitest';
import { type AuditEntry, actionWords, actorWords, detailWords } from './audit-words.ts';

const entry: AuditEntry = {
  id: '1',
  at: '2024-01-01T00:00:00Z',
  actor: { type: 'apiKey', name: 'loan desk' },
  action: 'create-api-key',
  outcome: 'done',
  target: { type: 'company', id: '42' },
  detail: { members: ['name', 'tags'], values: { name: 'Bakery' } },
};

test('an entry is told in words', () => {
  expect(actorWords(entry.actor)).toBe('API key: loan desk');
  expect(actorWords({ type: 'user', name: 'Olivia' })).toBe('Olivia');
  expect(actorWords({ type: 'system' })).toBe('Tributary');
  expect(actionWords(entry.action)).toBe('Create API key');
  expect(detailWords(entry)).toBe('company 42 · name: Bakery · tags');
  const { target: _target, detail: _detail, ...bare } = entry;
  expect(detailWords(bare)).toBe('');
});
