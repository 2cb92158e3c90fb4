import {
  type FieldCatalogue,
  type OrderBy,
  parseOrderBy,
  parseQuery,
  QueryError,
  type QueryNode,
} from '@tributary/model';
import { refused } from '../errors.ts';
import type { PagingQuery } from './paging.ts';
import { decodedTwice } from './query-string.ts';

/** A list's parameters, read against its properties. */
export interface ListQuery {
  readonly filter: QueryNode | undefined;
  readonly orderBy: OrderBy | undefined;
  readonly page: number;
  readonly pageSize: number;
  readonly cursor: string | undefined;
}

/** @throws ApiError 400 that names what `query` or `orderBy` got wrong */
export function readListQuery(paging: PagingQuery, fields: FieldCatalogue): ListQuery {
  return {
    filter: readParameter('query', paging.query, (text) => parseQuery(decodedTwice(text), fields)),
    orderBy: readParameter('orderBy', paging.orderBy, (text) => parseOrderBy(text, fields)),
    page: paging.page,
    pageSize: paging.pageSize,
    cursor: paging.cursor,
  };
}

/** Applies a parser of the query language to a parameter that may be absent. */
export function readParameter<Result>(
  name: string,
  text: string | undefined,
  parse: (text: string) => Result,
): Result | undefined {
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw refused(`query.${name}`, error.message, 'QueryLanguage');
  }
}
