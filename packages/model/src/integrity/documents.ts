/** What rules look at in records. Nothing is taken for granted: what is stored may come from another mapping, or be damaged. */

interface Reference {
  readonly id?: unknown;
}

interface Rated {
  readonly currency?: unknown;
  readonly currencyRate?: unknown;
}

/** An invoice or a bill. */
export interface SaleDocument extends Rated {
  readonly customerRef?: Reference | null;
  readonly supplierRef?: Reference | null;
  readonly issueDate?: unknown;
  readonly dueDate?: unknown;
  readonly lineItems?: readonly SaleLine[] | null;
  readonly paymentAllocations?: readonly { readonly allocation?: { readonly totalAmount?: unknown } }[];
  readonly subTotal?: unknown;
  readonly totalTaxAmount?: unknown;
  readonly taxAmount?: unknown;
  readonly totalAmount?: unknown;
  readonly amountDue?: unknown;
  readonly status?: unknown;
}

export interface SaleLine {
  readonly subTotal?: unknown;
  readonly taxAmount?: unknown;
  readonly totalAmount?: unknown;
  readonly accountRef?: Reference | null;
  readonly itemRef?: Reference | null;
  readonly taxRateRef?: Reference | null;
}

/** A payment, or one for bills. */
export interface PaymentDocument extends Rated {
  readonly customerRef?: Reference | null;
  readonly supplierRef?: Reference | null;
  readonly accountRef?: Reference | null;
  readonly date?: unknown;
  readonly totalAmount?: unknown;
  readonly lines?: readonly PaymentLine[] | null;
}

interface PaymentLine {
  readonly amount?: unknown;
  readonly links?: readonly {
    readonly type?: unknown;
    readonly id?: unknown;
    readonly amount?: unknown;
    readonly currencyRate?: unknown;
  }[];
}

export interface JournalEntryDocument {
  readonly postedOn?: unknown;
  readonly journalLines?: readonly { readonly netAmount?: unknown; readonly accountRef?: Reference | null }[];
}

interface TransferSide {
  readonly accountRef?: Reference | null;
  readonly currency?: unknown;
}

export interface TransferDocument {
  readonly date?: unknown;
  readonly from?: TransferSide | null;
  readonly to?: TransferSide | null;
}

export interface AccountTransactionDocument {
  readonly date?: unknown;
  readonly bankAccountRef?: Reference | null;
}

type Section = { readonly value?: unknown } | null;

export interface BalanceSheetDocument {
  readonly assets?: Section;
  readonly liabilities?: Section;
  readonly equity?: Section;
}

export interface ProfitAndLossDocument {
  readonly income?: Section;
  readonly costOfSales?: Section;
  readonly expenses?: Section;
  readonly otherIncome?: Section;
  readonly otherExpenses?: Section;
  readonly netProfit?: unknown;
}

/** The elements of a list; none of what is no list. */
export function elementsOf<Element>(list: readonly Element[] | null | undefined): readonly Element[] {
  return Array.isArray(list) ? list : [];
}
