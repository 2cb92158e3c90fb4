import {
  addDecimal,
  type Decimal,
  decimalToExactNumber,
  type ExactNumber,
  multiplyDecimal,
  type TaxRate,
} from '@tributary/model';
import type { WireTax } from '../wire.ts';
import { decimalOrNone, textOrNone } from '../wire-values.ts';
import type { MappingContext } from './context.ts';

/** A tax as a tax rate. Rates in per cent. */
export function mapTaxRate(tax: WireTax, context: MappingContext): TaxRate {
  const rates = ratesOf(tax);
  return {
    id: context.id,
    name: textOrNone(tax.name),
    code: textOrNone(tax.code),
    status: tax.removed === true ? 'Archived' : 'Active',
    effectiveTaxRate: optionalNumber(rates.effective),
    totalTaxRate: optionalNumber(rates.total),
    components: tax.components?.map(({ name, rate, compound }) => ({
      name: textOrNone(name),
      rate: optionalNumber(decimalOrNone(rate)),
      isCompound: compound === true,
    })),
  };
}

function optionalNumber(decimal: Decimal | undefined): ExactNumber | undefined {
  return decimal === undefined ? undefined : decimalToExactNumber(decimal);
}

const ZERO: Decimal = { unscaled: 0n, scale: 0 };

/**
 * What a tax takes in per cent of an amount. `effective` is the platform's own rate, else its components', a compound one on top of those
 * before it; `total` is the plain sum of the components.
 */
export function ratesOf(tax: WireTax): {
  readonly effective: Decimal | undefined;
  readonly total: Decimal | undefined;
} {
  const rate = decimalOrNone(tax.rate);
  const components = (tax.components ?? []).map((component) => ({
    rate: decimalOrNone(component.rate) ?? ZERO,
    isCompound: component.compound === true,
  }));
  if (components.length === 0) return { effective: rate, total: rate };
  let total = ZERO;
  let charged = ZERO;
  for (const component of components) {
    total = addDecimal(total, component.rate);
    const onTop = component.isCompound ? hundredth(multiplyDecimal(component.rate, charged)) : ZERO;
    charged = addDecimal(charged, addDecimal(component.rate, onTop));
  }
  return { effective: rate ?? charged, total };
}

function hundredth({ unscaled, scale }: Decimal): Decimal {
  return { unscaled, scale: scale + 2 };
}
