import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execSink, webhookSink, webhookUrl } from '@tracecal/gateway-client/application';
import type { Notice } from '@tracecal/gateway-client/application';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

function noticeAbout(device: string, reason = ''): Notice {
  const verdict = { status: 'FAILED', fulfilled: false, reason } as const;
  const none = { before: null, cause: null, report: null, due: null, repeated: false };
  return { id: 'n-1', time: '2026-01-01T00:00:00Z', what: 'changed', device, owner: 'oem', verdict, ...none };
}

describe('A command that gets notices', () => {
  after(removeTemporaryFolders);

  it('reads each as a line of JSON, and nothing in it reaches a shell', async () => {
    const folder = temporaryFolder();
    const [out, trap] = [join(folder, 'out'), join(folder, 'trap')];
    const hostile = noticeAbout(`$(touch ${trap})`, `'; touch ${trap}; \`touch ${trap}\` "\n`);
    await execSink(`cat > ${out}`)(hostile);
    assert.deepEqual(JSON.parse(readFileSync(out, 'utf8')), hostile);
    assert.equal(readFileSync(out, 'utf8').split('\n').length, 2, 'one line');
    assert.equal(existsSync(trap), false);
  });

  it('has not taken one if it fails, and tells why', async () => {
    await assert.rejects(execSink('echo no room >&2; exit 3')(noticeAbout('d')), /exit code 3: no room/);
    await assert.rejects(execSink('./no-such-program')(noticeAbout('d')), /exit code 127/);
  });

  it('need not read it', async () => {
    await execSink('true')(noticeAbout('d', 'x'.repeat(300_000)));
  });

  it('may leave something running, which keeps stderr open', async () => {
    await execSink('sleep 20 & exit 0', 10_000)(noticeAbout('d'));
    await assert.rejects(execSink('sleep 20 & echo no room >&2; exit 3', 10_000)(noticeAbout('d')), /code 3: no room/);
  });

  it('is ended with all that it started if it takes too long', async () => {
    const out = join(temporaryFolder(), 'out');
    await assert.rejects(execSink(`(sleep 2; touch ${out}) & wait`, 200)(noticeAbout('d')), /did not end within 0.2 s/);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(existsSync(out), false);
  });
});

describe('A webhook', () => {
  let server: Server | undefined;

  afterEach(() => server?.close());

  async function serve(answer: RequestListener): Promise<URL> {
    server = createServer(answer);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return webhookUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`);
  }

  const quick = { timeoutMs: 300, retryMs: [1, 1] };

  it('gets each notice as JSON', async () => {
    let asked: Promise<[IncomingMessage, string]> | undefined;
    const url = await serve((request, response) => {
      asked = text(request).then((body) => [request, body]);
      response.end('a long answer that nobody reads');
    });
    await webhookSink(url, quick)(noticeAbout('d'));
    const [request, body] = (await asked)!;
    assert.deepEqual([request.method, request.url, JSON.parse(body)], ['POST', '/secret-path', noticeAbout('d')]);
  });

  it('gets the user and the password of its address, which no failure tells', async () => {
    const sent: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      sent.push(request.headers.authorization);
      response.writeHead(sent.length < 2 ? 200 : 401).end();
    });
    Object.assign(url, { username: 'hook', password: 'p@ss' });
    await webhookSink(url, quick)(noticeAbout('d'));
    assert.deepEqual(sent, [`Basic ${Buffer.from('hook:p@ss').toString('base64')}`]);
    const failure: unknown = await webhookSink(url, quick)(noticeAbout('d')).catch((error: unknown) => error);
    assert.match(String(failure), /^Error: http:\/\/127\.0\.0\.1:\d+ did not take it: it answered 401$/);
  });

  it('is tried again, but not for ever, and its failure does not tell its path', async () => {
    let tries = 0;
    const url = await serve((_request, response) => {
      tries += 1;
      response.writeHead(tries < 3 ? 503 : 200).end();
    });
    await webhookSink(url, quick)(noticeAbout('d'));
    assert.equal(tries, 3);
    tries = -10;
    const failure: unknown = await webhookSink(url, quick)(noticeAbout('d')).catch((error: unknown) => error);
    assert.match(String(failure), /^Error: http:\/\/127\.0\.0\.1:\d+ did not take it: it answered 503$/);
    assert.equal(tries, -7);
  });

  it('has not taken one that it leads elsewhere, or never answers', async () => {
    const paths: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await assert.rejects(webhookSink(url, quick)(noticeAbout('d')), /it answered 307/);
    assert.deepEqual(new Set(paths), new Set(['/secret-path']));
    server?.close();
    await assert.rejects(webhookSink(await serve(() => undefined), quick)(noticeAbout('d')), /no answer within 0.3 s/);
    server?.closeAllConnections();
  });

  for (const address of ['file:///etc/passwd', 'ftp://example.org/', 'example.org', '']) {
    it(`is reached by http or https only: ${JSON.stringify(address)}`, () => {
      assert.throws(() => webhookUrl(address), /https:\/\/example\.org\/hook/);
    });
  }
});
