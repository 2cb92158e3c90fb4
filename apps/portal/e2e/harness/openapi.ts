interface Document {
  paths: Record<string, Record<string, unknown>>;
}

/** Paths that are files or pages of ours, not operations. */
const filesAndPages = /^\/(portal(\/(?!api\/)|$)|link\/|connections\/|logos\/)|\/logo$/;

/**
 * The requests that no operation of the service's OpenAPI document describes.
 * @param requests as `GET /companies`
 */
export async function undocumentedRequests(url: string, requests: readonly string[]): Promise<string[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => {
    const pattern = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+').replaceAll('.', '\\.')}$`, 'i');
    return Object.keys(methods).map((method) => ({ method: method.toUpperCase(), pattern }));
  });
  return [...new Set(requests)].filter((request) => {
    const [method = '', path = ''] = request.split(' ');
    if (method === 'GET' && filesAndPages.test(path)) return false;
    return !operations.some((operation) => operation.method === method && operation.pattern.test(path));
  });
}
