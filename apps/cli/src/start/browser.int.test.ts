import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePort } from '@tributary/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from './browser.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const host = '127.0.0.1';
let port: number;
let answer: Answer;
let close: () => void;

beforeEach(async () => {
  port = await freePort();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(request, response, body);
  });
  await new Promise<void>((done) => server.listen(port, host, done));
  close = () => server.close();
});
afterEach(() => close());

const browser = () => createBrowser(() => ({ host, port }));

describe('the browser of the demo', () => {
  test('follows redirects, brings cookies back, and sends the name that it was given', async () => {
    answer = (request, response) => {
      if (request.url === '/start') {
        response.writeHead(303, { location: '/next?a=1', 'set-cookie': 'state=abc; HttpOnly; Path=/' }).end();
      } else response.end(`${request.headers.host} ${request.url} ${request.headers.cookie}`);
    };
    const page = await browser().open('http://books.example.com/start');
    expect(page.status).toBe(200);
    expect(page.body).toBe('books.example.com /next?a=1 state=abc');
  });

  test('keeps cookies of different hosts apart', async () => {
    answer = (request, response) => {
      if (request.headers.host === 'one.example') {
        response.writeHead(302, { location: 'http://two.example/', 'set-cookie': 'secret=1' }).end();
      } else response.end(String(request.headers.cookie));
    };
    expect((await browser().open('http://one.example/')).body).toBe('undefined');
  });

  test('sends a form as it stands: hidden fields, the checked choice, and the button that was pressed', async () => {
    answer = (request, response, body) => {
      if (request.method === 'POST') response.end(`${request.url} ${body}`);
      else {
        response.end(`<form method="post" action="/consent?x=1&amp;y=2">
          <input type="hidden" name="token" value="a&quot;b">
          <input type="radio" name="user" value="1"><input type="radio" name="user" value="2" checked>
          <button name="decision" value="deny">Deny</button></form>`);
      }
    };
    const open = browser();
    const page = await open.submit(await open.open('http://books.example.com/'), { decision: 'allow' });
    expect(page.body).toBe('/consent?x=1&y=2 token=a%22b&user=2&decision=allow');
  });

  test('says so when there is no form, and when redirects never end', async () => {
    const open = browser();
    answer = (_request, response) => void response.end('<p>No form</p>');
    const page = await open.open('http://books.example.com/empty');
    expect(() => open.submit(page, {})).toThrow('There is no form on http://books.example.com/empty');
    answer = (_request, response) => void response.writeHead(302, { location: '/again' }).end();
    await expect(open.open('http://books.example.com/loop')).rejects.toThrow('one redirect to the next');
  });
});
