/** Listings below a business that clients choose themselves. */
import { type CustomListings, listByOffset } from '@tributary/connector-kit';
import { PAGE_LIMIT } from './pull.ts';
import { byId } from './raw-records.ts';
import { paths } from './wire.ts';

const placeholder = '{businessId}';
const businesses = '/businesses/';

export const customListings: CustomListings = {
  pathOf(source, businessId) {
    const own = paths.business(businessId);
    const path = `/${source.replace(/^\/+/, '')}`;
    const generic = `${businesses}${placeholder}/`;
    if (path.startsWith(generic)) return withoutPlaceholder(`${own}/${path.slice(generic.length)}`);
    // Paths without a business belong to the business of the connection.
    const isOfAnother = path.startsWith(businesses) || path === '/businesses' || path.startsWith('/users');
    return isOfAnother ? undefined : withoutPlaceholder(`${own}${path}`);
  },

  async *list(session, { path, query }) {
    const pages = listByOffset({
      session,
      path,
      query,
      limit: PAGE_LIMIT,
      checkpoint: undefined,
      ...byId,
    });
    for await (const page of pages) yield { elements: page.records.map(({ raw }) => raw) };
  },
};

/** The business stands at the beginning and nowhere else. */
function withoutPlaceholder(path: string): string | undefined {
  return path.includes('{') || path.endsWith('/') ? undefined : path;
}
