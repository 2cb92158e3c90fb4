import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDecimal,
  centsToDecimal,
  centsToExactNumber,
  compareDecimal,
  type Decimal,
  decimalText,
  decimalToCents,
  decimalToExactNumber,
  divideDecimal,
  formatDecimal,
  multiplyDecimal,
  parseDecimal,
  roundDecimal,
  subtractDecimal,
} from './index.ts';

/** Well beyond ±99999999999999.99, with the interesting sizes around it. */
const cents = fc.oneof(
  fc.bigInt({ min: -9999999999999999n, max: 9999999999999999n }),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  fc.bigInt({ min: -300n, max: 300n }),
  fc.constantFrom(9007199254740991n, 9007199254740992n, -9007199254740991n, -9007199254740992n),
);
const decimal: fc.Arbitrary<Decimal> = fc.record({ unscaled: cents, scale: fc.integer({ min: 0, max: 45 }) });

/** Reference: a fraction of bigints, computed without any of the code under test. */
type Rational = { readonly n: bigint; readonly d: bigint };
const rational = (value: Decimal): Rational => ({ n: value.unscaled, d: 10n ** BigInt(value.scale) });
const equal = (a: Rational, b: Rational) => a.n * b.d === b.n * a.d;
const magnitude = (value: bigint) => (value < 0n ? -value : value);

/** Nearest multiple of 10^-scale, half away from zero, by floor((2|n|·10^scale + |d|) / 2|d|). */
function nearest({ n, d }: Rational, scale: number): bigint {
  const doubled = 2n * magnitude(n) * 10n ** BigInt(scale) + magnitude(d);
  const rounded = doubled / (2n * magnitude(d));
  return n < 0n === d < 0n ? rounded : -rounded;
}

describe('decimals are exact', () => {
  test('formatting and parsing round-trip, digits after the point included', () => {
    fc.assert(
      fc.property(decimal, (a) => {
        expect(parseDecimal(formatDecimal(a))).toEqual(a);
      }),
    );
  });

  test('sums, differences and products equal those of fractions', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [rational(a), rational(b)];
        expect(equal(rational(addDecimal(a, b)), { n: x.n * y.d + y.n * x.d, d: x.d * y.d })).toBe(true);
        expect(equal(rational(subtractDecimal(a, b)), { n: x.n * y.d - y.n * x.d, d: x.d * y.d })).toBe(true);
        expect(equal(rational(multiplyDecimal(a, b)), { n: x.n * y.n, d: x.d * y.d })).toBe(true);
      }),
    );
  });

  test('subtraction undoes addition', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => compareDecimal(subtractDecimal(addDecimal(a, b), b), a) === 0),
    );
  });

  test('comparison agrees with cross multiplication', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [rational(a), rational(b)];
        const difference = x.n * y.d - y.n * x.d;
        expect(compareDecimal(a, b)).toBe(difference === 0n ? 0 : difference < 0n ? -1 : 1);
      }),
    );
  });
});

describe('rounding is half away from zero', () => {
  const scale = fc.integer({ min: 0, max: 6 });

  test('roundDecimal gives the nearest multiple and the scale asked for', () => {
    fc.assert(
      fc.property(decimal, scale, (a, digits) => {
        expect(roundDecimal(a, digits)).toEqual({ unscaled: nearest(rational(a), digits), scale: digits });
      }),
    );
  });

  test('halves go away from zero on both sides', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), (whole) => {
        const half = { unscaled: whole * 10n + 5n, scale: 3 };
        expect(roundDecimal(half, 2).unscaled).toBe(whole + 1n);
        expect(roundDecimal({ ...half, unscaled: -half.unscaled }, 2).unscaled).toBe(-(whole + 1n));
      }),
    );
  });

  test('rounding is symmetric about zero', () => {
    fc.assert(
      fc.property(decimal, scale, (a, digits) => {
        const negated = { ...a, unscaled: -a.unscaled };
        expect(roundDecimal(negated, digits).unscaled).toBe(-roundDecimal(a, digits).unscaled);
      }),
    );
  });

  test('divideDecimal gives the nearest multiple to the fraction', () => {
    fc.assert(
      fc.property(decimal, decimal, scale, (a, b, digits) => {
        fc.pre(b.unscaled !== 0n);
        const [x, y] = [rational(a), rational(b)];
        const quotient = nearest({ n: x.n * y.d, d: x.d * y.n }, digits);
        expect(divideDecimal(a, b, digits)).toEqual({ unscaled: quotient, scale: digits });
      }),
    );
  });

  test('decimalToCents gives the nearest cent', () => {
    fc.assert(fc.property(decimal, (a) => decimalToCents(a) === nearest(rational(a), 2)));
  });

  test('division by zero and senseless scales are refused', () => {
    const one = parseDecimal('1');
    expect(() => divideDecimal(one, parseDecimal('0.00'), 2)).toThrow(RangeError);
    for (const bad of [-1, 1.5, Number.NaN]) expect(() => roundDecimal(one, bad)).toThrow(RangeError);
  });
});

describe('cents', () => {
  test('survive the way through decimals and JSON digits', () => {
    fc.assert(
      fc.property(cents, (amount) => {
        expect(decimalToCents(centsToDecimal(amount))).toBe(amount);
        const text = decimalText(centsToExactNumber(amount));
        expect(text).not.toMatch(/\.[0-9]*0$|\.$|^-0$/);
        expect(decimalToCents(parseDecimal(text))).toBe(amount);
        expect(decimalText(decimalToExactNumber(centsToDecimal(amount)))).toBe(text);
      }),
    );
  });

  test('every amount of up to ten units reads back', () => {
    for (let amount = -1000n; amount <= 1000n; amount += 1n) {
      const { unscaled, scale } = roundDecimal(parseDecimal(decimalText(centsToExactNumber(amount))), 2);
      expect({ unscaled, scale }).toEqual({ unscaled: amount, scale: 2 });
    }
  });

  test.each([
    [0n, '0'],
    [5n, '0.05'],
    [-5n, '-0.05'],
    [50n, '0.5'],
    [1200n, '12'],
    [-1250n, '-12.5'],
    [9999999999999999n, '99999999999999.99'],
    [-9999999999999999n, '-99999999999999.99'],
  ])('%s cents are %s', (amount, text) => {
    expect(decimalText(centsToExactNumber(amount))).toBe(text);
  });
});

test('text that is no plain decimal is refused, whatever it is', () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9.eE ]{0,20}$/));
  fc.assert(
    fc.property(anything, (text) => {
      if (/^[-+]?[0-9]+(\.[0-9]+)?$/.test(text)) {
        expect(parseDecimal(text).scale).toBe((text.split('.')[1] ?? '').length);
      } else {
        expect(() => parseDecimal(text)).toThrow(RangeError);
      }
    }),
  );
});
