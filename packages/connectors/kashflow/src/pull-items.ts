/** Items: the products first, because each sub-product belongs to one and is asked for by it. */
import type { JsonValue, PlatformSession, PullRequest } from '@tributary/connector-kit';
import { type Pages, pagesOf } from './pages.ts';
import { distinct, jsonOf, ownId, wireRecord } from './raw-records.ts';
import { call } from './soap.ts';

export async function* pullItems(session: PlatformSession, request: PullRequest): Pages {
  const done = lastProduct(request.checkpoint);
  const { result, platformTimeMs } = await call(session, 'GetProducts', [], 'nothing');
  const products = distinct(
    (result?.elements ?? []).map((element) =>
      wireRecord(ownId(element, 'ProductID'), { product: jsonOf(element) }),
    ),
  );
  const ids = new Set(products.map(({ id }) => id));
  const reached = done === undefined ? -1 : products.findIndex(({ id }) => id === done);
  if (reached < 0)
    yield* pagesOf({ records: products, platformTimeMs }, { checkpoint: null, last: { after: '' } });
  for (const product of products.slice(reached + 1)) {
    if (!/^[0-9]+$/.test(product.id)) continue;
    const answer = await call(session, 'GetSubProducts', [['NominalID', product.id]], 'nothing');
    const records = (answer.result?.elements ?? []).map((element) => {
      const own = ownId(element, 'id');
      // The two kinds are numbered apart; should they ever meet, the sub-product gives way.
      const id = own !== undefined && ids.has(own) ? `${product.id}:${own}` : own;
      return wireRecord(id, { ...(id === own ? {} : { id: id ?? '' }), subProduct: jsonOf(element) });
    });
    if (records.length === 0) continue;
    yield* pagesOf(
      { records: distinct(records), platformTimeMs: answer.platformTimeMs },
      { checkpoint: { after: product.id }, last: { after: product.id } },
    );
  }
}

function lastProduct(checkpoint: JsonValue | undefined): string | undefined {
  if (typeof checkpoint !== 'object' || checkpoint === null || !('after' in checkpoint)) return undefined;
  return typeof checkpoint.after === 'string' ? checkpoint.after : undefined;
}
