import { describe, expect, it } from 'vitest';
import {
  type Decimal,
  divideRounded,
  lineCents,
  ONE,
  parseDecimal,
  percentOfCents,
  scaleCents,
} from './decimal.ts';

const decimal = (text: string): Decimal => parseDecimal(text) ?? expect.fail(`not a decimal: ${text}`);

describe('decimal', () => {
  it.each(['0', '5.0', '-0.005', '99999999999999.99', '1.234567891'])(
    'keeps %s as it was written',
    (text) => {
      expect(decimal(text).toString()).toBe(text);
    },
  );

  it('reads exponents without losing digits', () => {
    expect(decimal('1e-3').toString()).toBe('0.001');
    expect(decimal('12.5e2').toString()).toBe('1250');
  });

  it.each(['', '.', '1,5', 'abc', '0x10', '1.2.3', 'NaN'])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  it('rounds a line once, halves away from zero, where doubles would go wrong', () => {
    expect(lineCents(decimal('1'), decimal('1.005'))).toBe(101n);
    expect(lineCents(decimal('-1'), decimal('1.005'))).toBe(-101n);
    expect(lineCents(decimal('3'), decimal('0.001'))).toBe(0n);
    expect(lineCents(decimal('0.333'), decimal('99999999999999.99'))).toBe(3_330_000_000_000_000n);
  });

  it('divides, scales and takes percentages away from zero', () => {
    expect([divideRounded(5n, 10n), divideRounded(-5n, 10n), divideRounded(4n, 10n)]).toEqual([1n, -1n, 0n]);
    expect(scaleCents(100n, ONE)).toBe(100n);
    expect(scaleCents(1_000_001n, decimal('1.364200000'))).toBe(1_364_201n);
    expect(percentOfCents(110n, decimal('5.0'))).toBe(6n);
    expect(percentOfCents(-110n, decimal('5.0'))).toBe(-6n);
  });
});
