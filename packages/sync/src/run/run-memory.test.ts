import type { PlatformRequest, PlatformSession } from '@tributary/connector-kit';
import { describe, expect, it } from 'vitest';
import { createRunMemories } from './run-memory.ts';

/** A session that numbers its answers. */
function platform(text = '') {
  const asked: string[] = [];
  const session: PlatformSession = {
    businessId: '1',
    info: {},
    async request({ path }) {
      asked.push(path);
      return { status: 200, text: `${asked.length}${text}`, platformTimeMs: undefined };
    },
  };
  return { asked, session };
}

const get = (path: string): PlatformRequest => ({ method: 'GET', path });
const textOf = async (session: PlatformSession, request: PlatformRequest) =>
  (await session.request(request)).text;

describe('what a run has been told', () => {
  it('is told again to its next attempt, and asked anew by one attempt that asks twice', async () => {
    const { session, asked } = platform();
    const memory = createRunMemories().of('run');
    const first = memory.remembering(session);
    expect([await textOf(first, get('/a')), await textOf(first, get('/a'))]).toEqual(['1', '2']);
    const second = memory.remembering(session);
    expect([await textOf(second, get('/a')), await textOf(second, get('/a'))]).toEqual(['2', '3']);
    expect(asked).toEqual(['/a', '/a', '/a']);
  });

  it('is told apart by everything that makes a request', async () => {
    const { session, asked } = platform();
    const memories = createRunMemories();
    const requests = [get('/a'), { ...get('/a'), query: { offset: 1 } }, { ...get('/a'), accept: [404] }];
    for (const request of requests) await memories.of('run').remembering(session).request(request);
    await memories.of('other').remembering(session).request(get('/a'));
    expect(asked).toHaveLength(4);
  });

  it('is forgotten with the commit of its page, but for what was to be kept', async () => {
    const { session, asked } = platform();
    const memory = createRunMemories().of('run');
    const first = memory.remembering(session);
    await first.request(get('/names'));
    memory.keep();
    await first.request(get('/page'));
    memory.committed();
    const second = memory.remembering(session);
    await second.request(get('/names'));
    await second.request(get('/page'));
    expect(asked).toEqual(['/names', '/page', '/page']);
  });

  it('never stands in for a change', async () => {
    const { session, asked } = platform();
    const memory = createRunMemories().of('run');
    for (let attempt = 0; attempt < 2; attempt += 1)
      await memory.remembering(session).request({ method: 'POST', path: '/a', body: '{}' });
    expect(asked).toHaveLength(2);
  });

  it('takes no more room than it may: the run that waits longest is forgotten first', async () => {
    const { session } = platform('x'.repeat(40));
    const memories = createRunMemories(100);
    for (const run of ['one', 'two', 'three']) await memories.of(run).remembering(session).request(get('/a'));
    expect(memories.runIds()).toEqual(['two', 'three']);
    memories.forget('two');
    for (const path of ['/b', '/c']) await memories.of('three').remembering(session).request(get(path));
    expect(memories.runIds()).toEqual([]);
  });
});
