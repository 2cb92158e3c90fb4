import { parseDataTypeKey } from '@tributary/model';
import { createCompanyRepository, isDataTypeActive, type Queryable } from '@tributary/store';
import { createPullOperationService } from '../data/pull-operations.ts';
import { createSources } from '../data/sources.ts';
import type { AppDependencies } from '../dependencies.ts';
import { badRequest, conflict, notFound, refused } from '../errors.ts';

/**
 * Products: labels under which a client groups what it does for a company. None is built in; each is the client's own, and
 * refreshing one is asking for the data that it lives on.
 */
export interface ProductService {
  add(clientId: string, companyId: string, product: string): Promise<void>;
  /** @throws ApiError 404 when the company does not have it */
  remove(clientId: string, companyId: string, product: string): Promise<void>;
  /**
   * @param dataTypes undefined or empty: every data type of the platform
   * @throws ApiError 400 for a data type that the platform lacks, or while one of them is synced; 404 when the company does not
   *   have the product; 409 without a Linked connection
   */
  refresh(
    clientId: string,
    companyId: string,
    product: string,
    dataTypes: readonly string[] | undefined,
    traceId: string,
  ): Promise<void>;
}

const mostProducts = 100;

export function createProductService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors' | 'sync' | 'events'>,
): ProductService {
  const { store, events } = dependencies;
  const companies = createCompanyRepository(store);
  const sources = createSources(dependencies);
  const pulls = createPullOperationService(dependencies);

  /** Its identifier is its name: products are the client's own. */
  const teller =
    (company: { clientId: string; companyId: string }, product: string, change: 'added' | 'removed') =>
    (transaction: Queryable, products: readonly string[]) =>
      events.productChanged(transaction, company, {
        change,
        productId: product,
        productName: product,
        products,
      });

  return {
    async add(clientId, companyId, product) {
      const company = await companies.find(clientId, companyId);
      if (company === undefined) throw notFound('company');
      if (!company.products.includes(product) && company.products.length >= mostProducts)
        throw badRequest(`A company has at most ${mostProducts} products.`);
      const isThere = await companies.addProduct(
        clientId,
        companyId,
        product,
        teller({ clientId, companyId }, product, 'added'),
      );
      if (!isThere) throw notFound('company');
    },

    async remove(clientId, companyId, product) {
      const had = await companies.removeProduct(
        clientId,
        companyId,
        product,
        teller({ clientId, companyId }, product, 'removed'),
      );
      if (had === undefined) throw notFound('company');
      if (!had) throw notFound('product');
    },

    async refresh(clientId, companyId, product, names, traceId) {
      const company = await companies.find(clientId, companyId);
      if (company === undefined) throw notFound('company');
      if (!company.products.includes(product)) throw notFound('product');
      const connection = await sources.connection(clientId, { companyId });
      if (connection?.status !== 'Linked')
        throw conflict('The company has no linked connection to read from.');
      const supported = sources.supportedTypes(connection);
      const wanted =
        names === undefined || names.length === 0
          ? supported
          : names.map((name) => dataTypeOf(name, supported));
      if (await isDataTypeActive(store.pool, connection.id, wanted))
        throw badRequest('A data sync of the product is in progress; ask again when it has ended.');
      if (wanted === supported) return pulls.requestAll(clientId, { companyId }, traceId);
      for (const dataType of new Set(wanted)) await pulls.request(clientId, { companyId }, dataType, traceId);
    },
  };
}

function dataTypeOf<Key extends string>(name: string, supported: readonly Key[]): Key {
  const dataType = parseDataTypeKey(name);
  const found = supported.find((key) => key === dataType);
  if (found !== undefined) return found;
  const message = `${JSON.stringify(name.slice(0, 100))} is none of ${supported.join(', ')}`;
  throw refused('body.dataTypes', message, 'SupportedDataType');
}
