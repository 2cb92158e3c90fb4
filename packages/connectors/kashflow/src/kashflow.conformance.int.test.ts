/** KashFlow against the sandbox, by the suite that every connector passes. */
import {
  type CredentialsPlatformUnderTest,
  describeConnectorConformance,
  type FaultTarget,
  startSandboxProcess,
} from '@tributary/connector-kit/conformance';
import type { DataTypeKey } from '@tributary/model';
import { createKashFlowConnector } from './connector.ts';

const CREDENTIALS = { username: 'Conformance', password: 'a secret: <&>"ü\'' };
const SANDBOX = new URL('../../../../apps/sandbox/src/main.ts', import.meta.url);

const NOW = new Date();
const month = (offset: number): Date =>
  new Date(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth() + offset, 1));
const WHOLE_TIME = '<StartDate>1990-01-01T00:00:00</StartDate><EndDate>2100-01-01T00:00:00</EndDate>';
const RECEIPTS = (page: number) => `<Page>${page}</Page><PerPage>100</PerPage><FilterBy>All</FilterBy>`;

/** The operation that lists a data type, as the platform documents it: written anew, not taken from the connector. */
const LISTINGS: Readonly<Partial<Record<DataTypeKey, string>>> = {
  company: 'GetCompanyDetails',
  taxRates: 'GetVATRates',
  chartOfAccounts: 'GetNominalCodesExtended',
  bankAccounts: 'GetBankAccounts',
  items: 'Get(Sub)?Products',
  customers: 'GetCustomers',
  suppliers: 'GetSuppliers',
  invoices: 'GetInvoicesByDateRange',
  creditNotes: 'GetInvoicesByDateRange',
  bills: 'GetReceiptsWithPaging',
  billCreditNotes: 'GetReceiptsWithPaging',
  payments: 'GetInvoicePaymentsByDateRange',
  billPayments: 'GetReceiptPayment',
  bankTransactions: 'GetBankTransactions',
  journalEntries: 'GetJournals',
  balanceSheet: 'GetBalanceSheet',
  profitAndLoss: 'GetProfitAndLoss',
};

/** The sandbox's regular expression for the requests that a fault is meant for. */
function matchOf(target: FaultTarget): string {
  const service = '^POST /kashflow/service.asmx';
  if ('listing' in target) return `${service}.* ${LISTINGS[target.listing]}$`;
  if ('single' in target) return `${service}.* ${LISTINGS[target.single]}$`;
  return 'data' in target ? service : '^$';
}

async function startKashFlow(): Promise<CredentialsPlatformUnderTest> {
  const sandbox = await startSandboxProcess({
    main: SANDBOX,
    environment: {
      SANDBOX_SIZE: '250',
      SANDBOX_PAGE_LIMIT: '12',
      SANDBOX_CLIENT_ID: CREDENTIALS.username,
      SANDBOX_CLIENT_SECRET: CREDENTIALS.password,
    },
  });
  const { origin } = sandbox;
  const escaped = CREDENTIALS.password.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

  const call = async (operation: string, args = ''): Promise<string> => {
    const response = await fetch(`${origin}/kashflow/service.asmx`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"KashFlow/${operation}"` },
      body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><${operation} xmlns="KashFlow"><UserName>${CREDENTIALS.username}</UserName><Password>${escaped}</Password>${args}</${operation}></e:Body></e:Envelope>`,
    });
    const text = await response.text();
    if (!text.includes('<Status>OK</Status>')) throw new Error(`${operation}: ${text.slice(-300)}`);
    return text;
  };
  const valuesIn = (text: string, member: string): string[] =>
    [...text.matchAll(new RegExp(`<${member}>([^<]*)`, 'g'))].map(([, value = '']) => value);
  const invoicesIn = (text: string, isCredit: boolean): string[] =>
    [...text.matchAll(/<Invoice><InvoiceDBID>(\d+)[\s\S]*?<\/Lines><NetAmount>(-?)/g)]
      .filter(([, , sign]) => (sign === '-') === isCredit)
      .map(([, id = '']) => id);
  const receipts = async (): Promise<string> => {
    let all = '';
    for (let page = 1; ; page += 1) {
      const text = await call('GetReceiptsWithPaging', RECEIPTS(page));
      if (!text.includes('<Invoice>')) return all;
      all += text;
    }
  };
  const payments = async (): Promise<string[]> => {
    const ids: string[] = [];
    for (let page = 1; ; page += 1) {
      const text = await call(
        'GetInvoicePaymentsByDateRange',
        `${WHOLE_TIME}<PageNumber>${page}</PageNumber>`,
      );
      const found = valuesIn(text, 'PayID');
      if (found.length === 0) return ids;
      ids.push(...found);
    }
  };
  const each = async (
    values: readonly string[],
    read: (value: string) => Promise<string[]>,
  ): Promise<string[]> => {
    const found: string[] = [];
    for (const value of values) found.push(...(await read(value)));
    return found;
  };
  const monthsBack = Array.from({ length: 37 }, (_, index) =>
    month(index - 36)
      .toISOString()
      .slice(0, 7),
  );

  const idsOf: Readonly<Partial<Record<DataTypeKey, () => Promise<string[]>>>> = {
    taxRates: async () => valuesIn(await call('GetVATRates'), 'ID'),
    chartOfAccounts: async () => valuesIn(await call('GetNominalCodesExtended'), 'id'),
    bankAccounts: async () => valuesIn(await call('GetBankAccounts'), 'AccountID'),
    items: async () => {
      const products = valuesIn(await call('GetProducts'), 'ProductID');
      const subProducts = await each(products, async (id) =>
        valuesIn(await call('GetSubProducts', `<NominalID>${id}</NominalID>`), 'id'),
      );
      return [...products, ...subProducts];
    },
    customers: async () => valuesIn(await call('GetCustomers'), 'CustomerID'),
    suppliers: async () => valuesIn(await call('GetSuppliers'), 'SupplierID'),
    invoices: async () => invoicesIn(await call('GetInvoicesByDateRange', WHOLE_TIME), false),
    creditNotes: async () => invoicesIn(await call('GetInvoicesByDateRange', WHOLE_TIME), true),
    bills: async () => invoicesIn(await receipts(), false),
    billCreditNotes: async () => invoicesIn(await receipts(), true),
    payments,
    billPayments: async () =>
      each(valuesIn(await receipts(), 'InvoiceNumber'), async (number) =>
        valuesIn(await call('GetReceiptPayment', `<ReceiptNumber>${number}</ReceiptNumber>`), 'PayID'),
      ),
    bankTransactions: async () =>
      each(valuesIn(await call('GetBankAccounts'), 'AccountID'), async (account) =>
        valuesIn(await call('GetBankTransactions', `<AccountID>${account}</AccountID>`), 'ID').map(
          (id) => `${account}:${id}`,
        ),
      ),
    journalEntries: async () => valuesIn(await call('GetJournals'), 'DBID'),
    balanceSheet: async () => monthsBack,
    profitAndLoss: async () => monthsBack,
  };

  return {
    origin,
    async signIn() {
      await sandbox.control('kashflow', { refuse: null });
      return CREDENTIALS;
    },
    setFaults: (faults) =>
      sandbox.control('faults', {
        faults: faults.map(({ on, kind, times = 1, skip = 0, parameters = {} }) => ({
          match: matchOf(on),
          kind,
          times,
          skip,
          ...parameters,
        })),
      }),
    revokeAccess: () => sandbox.control('kashflow', { refuse: 'credentials' }),
    idsOf: async (dataType, businessId) => {
      await sandbox.control('kashflow', { refuse: null });
      return dataType === 'company' ? [businessId] : ((await idsOf[dataType]?.()) ?? []);
    },
    stop: sandbox.stop,
  };
}

describeConnectorConformance({
  name: 'KashFlow',
  startPlatform: startKashFlow,
  createConnector: ({ origin, clock }) =>
    createKashFlowConnector({ soapUrl: `${origin}/kashflow/service.asmx`, requestsPerSecond: 4, clock }),
  pagedDataType: 'bills',
  pagedBy: 'number',
  unknownId: '987654321',
});
