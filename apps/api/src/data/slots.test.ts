import { describe, expect, test } from 'vitest';
import { createSlots } from './slots.ts';

describe('slots', () => {
  test('are given in the order in which they were asked for, never more than there are', async () => {
    const slots = createSlots(2, 10_000);
    const order: number[] = [];
    const held: (() => void)[] = [];
    const asked = [1, 2, 3, 4].map(async (number) => {
      held.push(await slots.acquire());
      order.push(number);
    });
    await Promise.all(asked.slice(0, 2));
    expect(order).toEqual([1, 2]);
    held[0]?.();
    held[0]?.();
    await asked[2];
    expect(order).toEqual([1, 2, 3]);
    held[1]?.();
    await asked[3];
    expect(order).toEqual([1, 2, 3, 4]);
  });

  test('that do not become free in time are refused with 503, and lose nothing by it', async () => {
    const slots = createSlots(1, 1);
    const release = await slots.acquire();
    await expect(slots.acquire()).rejects.toMatchObject({ statusCode: 503, canBeRetried: 'True' });
    release();
    await expect(slots.acquire()).resolves.toBeTypeOf('function');
  });
});
