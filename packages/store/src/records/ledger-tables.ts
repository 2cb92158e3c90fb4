/** Tables of the general ledger beside the records; all are keyed by company and connection. */
export const ledgerTables = [
  'ledgers',
  'ledger_accounts',
  'ledger_openings',
  'journal_lines',
  'staged_journal_lines',
  'stale_journal_entries',
] as const;
