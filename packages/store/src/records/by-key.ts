/**
 * SQL: the record with an id, as a selection to look up many ids with, one after the other.
 *
 * To a planner without statistics every index of a table looks as good as its key, and one that knows company and connection alone
 * would be walked for each id. Only the key gives this order without a sort, which transactions of such statements do without
 * (`inKeyedTransaction`): sorting the one row that is expected costs less than one more level of an index.
 * @param id an expression of the statement around it
 * @param condition on the record, which goes by `record`
 */
export function recordByKey(selection: string, table: string, id: string, condition = 'true'): string {
  return `(SELECT ${selection} FROM ${table} AS record
    WHERE record.company_id = $1 AND record.connection_id = $2 AND record.id >= ${id} AND record.id <= ${id} AND ${condition}
    ORDER BY record.id LIMIT 1)`;
}
