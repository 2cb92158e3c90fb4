/** Words of a data type's key that are not just split at its capitals. */
const titles: Readonly<Record<string, string>> = {
  company: 'Company information',
  chartOfAccounts: 'Accounts',
  profitAndLoss: 'Profit and loss',
};

/** A data type's name for people: `billPayments` is “Bill payments”. */
export function dataTypeTitle(key: string): string {
  const words = key.replaceAll(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return titles[key] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
