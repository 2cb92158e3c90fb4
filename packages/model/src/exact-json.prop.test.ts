import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExactNumber, parseExactJson, wireDecimalText } from './index.ts';

/** A number token; a class so that the tree below can tell it from an object. */
class Token {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
const whole = fc.oneof(
  fc.constant('0'),
  fc.stringMatching(/^[1-9][0-9]{0,25}$/),
  fc.stringMatching(/^[1-9][0-9]{13,17}$/),
);
const token = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole,
    fraction: fc.option(digits(20), { nil: '' }),
    exponent: fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined, freq: 4 }),
    mark: fc.constantFrom('e', 'E', 'e+'),
  })
  .map(({ sign, whole, fraction, exponent, mark }) => {
    const power = exponent === undefined ? '' : `${exponent < 0 ? 'e' : mark}${exponent}`;
    return new Token(`${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${power}`);
  });

type Tree = Token | string | boolean | null | Tree[] | { [name: string]: Tree };

/** Strings that look like numbers are what a scan of the text could trip over. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  digits(30),
  token.map((number) => ` ${number.text},`),
  fc.uuid(),
);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    token,
    text,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 5 }),
  ),
}));

function write(value: Tree, blank: string): string {
  if (value instanceof Token) return value.text;
  if (Array.isArray(value))
    return `[${blank}${value.map((member) => write(member, blank)).join(`${blank},`)}${blank}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, member]) => `${JSON.stringify(name)}${blank}:${blank}${write(member, blank)}`,
    );
    return `{${members.join(`,${blank}`)}${blank}}`;
  }
  return JSON.stringify(value);
}

/** Reference: the digits of a token, by integer arithmetic on coefficient and power of ten. */
function digitsOf(tokenText: string): string {
  const [mantissa = '', power = '0'] = tokenText.toLowerCase().split('e');
  const [before = '', after = ''] = mantissa.split('.');
  let coefficient = BigInt(before.replace('-', '') + after);
  let exponent = Number(power) - after.length;
  if (coefficient === 0n) return '0';
  for (; coefficient % 10n === 0n; exponent += 1) coefficient /= 10n;
  const sign = tokenText.startsWith('-') ? '-' : '';
  if (exponent >= 0) return `${sign}${coefficient * 10n ** BigInt(exponent)}`;
  const unit = 10n ** BigInt(-exponent);
  return `${sign}${coefficient / unit}.${String(coefficient % unit).padStart(-exponent, '0')}`;
}

function expectSame(actual: unknown, expected: Tree): void {
  if (expected instanceof Token) {
    const exact = digitsOf(expected.text);
    expect(wireDecimalText(actual as number)).toBe(exact);
    if (!exact.includes('.')) {
      const isSafe = BigInt(exact) <= 9007199254740991n && BigInt(exact) >= -9007199254740991n;
      expect(typeof actual).toBe(isSafe ? 'number' : 'bigint');
    } else if (typeof actual !== 'number') {
      expect(isExactNumber(actual)).toBe(true);
    }
  } else if (Array.isArray(expected)) {
    expect(actual).toHaveLength(expected.length);
    for (const [index, member] of expected.entries()) expectSame((actual as unknown[])[index], member);
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, member] of Object.entries(expected))
      expectSame((actual as Record<string, unknown>)[name], member);
  } else {
    expect(actual).toBe(expected);
  }
}

describe('parseExactJson', () => {
  test('keeps every digit of every number and every other value', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom('', ' ', '\n\t'), (value, blank) => {
        expectSame(parseExactJson(write(value, blank)), value);
      }),
      { numRuns: 1000 },
    );
  });

  test('sees a long number wherever it stands, whatever short numbers stand before it', () => {
    for (let offset = 0; offset < 40; offset += 1) {
      for (let short = 1; short < 16; short += 1) {
        const before = `"${'x'.repeat(offset)}",${'1'.repeat(short)}`;
        expect(parseExactJson(`[${before},9007199254740993]`)).toHaveProperty('2', 9007199254740993n);
        const decimals = parseExactJson(`[${before},0.12345678901234567]`) as [string, number, number];
        expect(wireDecimalText(decimals[2])).toBe('0.12345678901234567');
      }
    }
  });

  test('gives plain numbers where a double keeps the digits', () => {
    expect(parseExactJson('[1,-0,12.50,1e2,0.1,9007199254740991,1234567890.12345]')).toEqual([
      1, -0, 12.5, 100, 0.1, 9007199254740991, 1234567890.12345,
    ]);
  });

  test('refuses malformed text with a SyntaxError, on both paths', () => {
    for (const text of ['', '{', '[1,]', '01', '[12345678901234567890,]', '1e5x']) {
      expect(() => parseExactJson(text)).toThrow(SyntaxError);
    }
  });

  test('refuses exponents that would take the memory of the machine', () => {
    for (const text of ['1e999999999', '[1e-999999999]', '{"a":1E401}'])
      expect(() => parseExactJson(text)).toThrow(RangeError);
    expect(parseExactJson('[0e999999999]')).toEqual([0]);
  });
});

describe('wireDecimalText', () => {
  test('expands doubles without exponent, and the text reads back as the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = wireDecimalText(value);
        expect(text).toMatch(/^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  test('gives text its canonical digits', () => {
    fc.assert(
      fc.property(token, (number) => {
        expect(wireDecimalText(number.text)).toBe(digitsOf(number.text));
      }),
    );
  });

  test('refuses what is no decimal', () => {
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '',
      'abc',
      '1e',
      '1e5.5',
      'e5',
      '1e1e1',
      JSON.rawJSON('"x"'),
    ]) {
      expect(() => wireDecimalText(value)).toThrow(RangeError);
    }
  });
});
