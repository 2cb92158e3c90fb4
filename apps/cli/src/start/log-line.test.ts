import { expect, test } from 'vitest';
import { readableLine } from './log-line.ts';

test('a JSON log line is told by level, message and what else it says', () => {
  const line =
    '{"level":"warn","time":"2026-01-01T00:00:00Z","pid":1,"hostname":"h","name":"api","runId":7,"msg":"slow"}';
  expect(readableLine(line)).toBe('warn slow {"runId":7}');
});

test('levels that are numbers get their names', () => {
  expect(readableLine('{"level":50,"msg":"broken"}')).toBe('error broken');
});

test.each(['plain words', '', '{"no":"level"}', '{broken'])('%j stays as it is', (line) => {
  expect(readableLine(line)).toBe(line);
});
