import { equal, expect, show, status } from '../kit/expect.ts';
import { send } from '../kit/http.ts';
import { at, type Json, json, textAt } from '../kit/json.ts';
import type { Point } from '../kit/report.ts';
import type { World } from '../world.ts';
import { dataTypes } from './linking.ts';

const company = '/companies/{}';
const connection = `${company}/connections/{}`;

/** What the contract names, parameters without their names. */
const routes: readonly string[] = [
  'GET /integrations',
  'GET /integrations/{}',
  'PATCH /integrations/{}',
  'GET /integrations/{}/credentials',
  'PUT /integrations/{}/credentials',
  'GET /companies',
  'POST /companies',
  'PUT /companies',
  `GET ${company}`,
  `PUT ${company}`,
  `PATCH ${company}`,
  `DELETE ${company}`,
  `GET ${company}/connections`,
  `POST ${company}/connections`,
  `GET ${connection}`,
  `PATCH ${connection}`,
  `DELETE ${connection}`,
  `GET ${company}/data/info`,
  `GET ${company}/dataStatus`,
  `POST ${company}/data/queue/{}`,
  `POST ${company}/data/all`,
  `GET ${company}/data/history`,
  `GET ${company}/data/history/{}`,
  `GET ${company}/data/history/{}/requests`,
  `GET ${company}/sync/{}/validation`,
  `GET ${company}/syncSettings`,
  `POST ${company}/syncSettings`,
  'GET /profile/syncSettings',
  'POST /profile/syncSettings',
  'GET /apiKeys',
  'POST /apiKeys',
  'DELETE /apiKeys/{}',
  ...dataTypes.flatMap(({ path, perConnection }) => {
    const list = `GET ${perConnection ? connection : company}/data/${path}`;
    return [list, `${list}/{}`];
  }),
];

/** OpenAPI 3.1 and its interactive reference. */
export async function checkDocument(world: World, point: Point): Promise<void> {
  await point.check(
    'GET /openapi.json is OpenAPI 3.1 with every route of the contract, each with its answers',
    async () => {
      const body = json(status(await send(`${world.publicUrl}/openapi.json`), 200));
      expect(textAt(body, 'openapi').startsWith('3.1.'), `openapi is ${textAt(body, 'openapi')}`);
      const documented = new Map<string, Json>();
      for (const [path, item] of Object.entries(at(body, 'paths') ?? {})) {
        for (const [method, operation] of Object.entries(item as Record<string, Json>)) {
          documented.set(
            `${method.toUpperCase()} ${path.replaceAll(/\{[^}]*\}/g, '{}').toLowerCase()}`,
            operation,
          );
        }
      }
      const key = (route: string): string => {
        const [method = '', path = ''] = route.split(' ');
        return `${method} ${path.toLowerCase()}`;
      };
      equal(
        routes.filter((route) => !documented.has(key(route))),
        [],
        'routes that are not documented',
      );
      for (const route of routes) {
        const responses = Object.keys(at(documented.get(key(route)), 'responses') ?? {});
        expect(
          responses.some((code) => code.startsWith('2')),
          `${route} documents only ${show(responses)}`,
        );
      }
      point.note(`${documented.size} operations documented`);
    },
  );
  await point.check('GET /docs is a page whose own scripts and styles load', async () => {
    const page = status(await send(`${world.publicUrl}/docs`), 200, 301, 302, 308);
    const base = page.headers.get('location')
      ? new URL(page.headers.get('location') ?? '', page.url).href
      : page.url;
    const opened = page.status === 200 ? page : status(await send(base), 200);
    expect(opened.headers.get('content-type')?.includes('text/html'), 'it is no HTML', opened);
    const references = [...opened.text.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="([^"]+)"/g)].map(
      ([, url = '']) => new URL(url, base),
    );
    const own = references.filter(({ origin }) => origin === world.publicUrl);
    expect(own.length > 0 || opened.text.includes('<script'), 'there is no script', opened);
    for (const { href } of own) status(await send(href), 200);
  });
}
