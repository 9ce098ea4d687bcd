import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { AlertOutbox, AlertSecret, AlertSender, alertTarget, findingId, readAlertSecret } from '@tracecal/monitor';
import { Store, verifyAlert, waitAfter } from '@tracecal/monitor';
import type { AlertOutcome, AlertSenderOptions, AlertTarget, Finding, ReceivedAlert } from '@tracecal/monitor';
import { eventually } from '../../../support/eventually.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const KEY = Buffer.alloc(32, 7);
const SECRET = new AlertSecret(KEY);
const NOW = Date.parse('2026-03-01T00:00:00Z');

function finding(number: number): Finding {
  return {
    name: 'drift',
    subject: { kind: 'device', id: `oem-a/T-${number}` },
    says: 'Values change by 0.02 a day – "fast".',
    evidence: ['ab'.repeat(32)],
    from: '2026-02-01T00:00:00Z',
    to: '2026-02-28T00:00:00Z',
  };
}

/** A receiver on loopback that keeps what it got and answers as it is told. */
class Receiver {
  readonly got: ReceivedAlert[] = [];
  answer: (response: ServerResponse, request: IncomingMessage) => void = (response) => response.writeHead(204).end();
  readonly #server: Server;

  readonly port: number;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#take(request, response));
  }

  static async start(port = 0): Promise<Receiver> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Receiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hidden-path`;
  }

  get ids(): readonly string[] {
    return this.got.map(({ headers }) => String(headers['webhook-id']));
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    this.got.push({ headers: request.headers, body });
    this.answer(response, request);
  }
}

describe('Alerts', () => {
  let folder: string;
  let store: Store;
  let outbox: AlertOutbox;
  let receiver: Receiver;
  let now: number;
  let log: string[];

  beforeEach(async () => {
    folder = temporaryFolder();
    store = await Store.open(join(folder, 'store'));
    outbox = new AlertOutbox(store);
    receiver = await Receiver.start();
    now = NOW;
    log = [];
  });

  afterEach(async () => {
    await receiver.close();
    await store.close();
  });

  after(removeTemporaryFolders);

  function target(name = 'receiver', url = receiver.url): AlertTarget {
    return alertTarget({ name, url, secret: SECRET });
  }

  function sender(options: Partial<AlertSenderOptions> = {}): AlertSender {
    return new AlertSender({
      outbox,
      targets: [target()],
      clock: () => now,
      onAttempt: (name: string, outcome: AlertOutcome, why = '') => log.push(`${name} ${outcome} ${why}`.trim()),
      ...options,
    });
  }

  async function put(count: number, targets = ['receiver']): Promise<void> {
    for (let number = 0; number < count; number += 1) {
      await store.write(outbox.changesFor(finding(number), targets, now + number));
    }
    now += count;
  }

  it('reach their receiver signed, once each where nothing fails, oldest first', async () => {
    await put(3);
    await sender().deliverDue();
    await sender().deliverDue();
    assert.equal(receiver.got.length, 3);
    for (const [number, alert] of receiver.got.entries()) {
      verifyAlert(alert, { secrets: [SECRET], now });
      const { type, finding: found } = JSON.parse(alert.body) as { type: string; finding: Finding & { id: string } };
      const { id, ...rest } = found;
      assert.deepEqual([type, id, rest], ['finding', findingId(finding(number)), finding(number)]);
    }
    assert.deepEqual(await outbox.state(), { waiting: 0, dead: 0 });
  });

  it('come again with the same id and body after a failure, later each time', async () => {
    await put(1);
    receiver.answer = (response) => response.writeHead(500).end('no');
    await sender().deliverDue();
    await sender().deliverDue();
    assert.equal(receiver.got.length, 1);
    now += waitAfter(1);
    await sender().deliverDue();
    now += waitAfter(2) - 1;
    await sender().deliverDue();
    assert.equal(receiver.got.length, 2);
    now += 1;
    receiver.answer = (response) => response.writeHead(200).end();
    await sender().deliverDue();
    assert.equal(new Set(receiver.ids).size, 1);
    assert.equal(new Set(receiver.got.map(({ body }) => body)).size, 1);
    assert.deepEqual(log, ['receiver failed answered 500', 'receiver failed answered 500', 'receiver delivered']);
  });

  it('are given up after the last attempt, stay to be seen, and are tried again when asked', async () => {
    await put(1);
    receiver.answer = (response) => response.writeHead(400).end();
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await sender({ mostAttempts: 3 }).deliverDue();
      now += waitAfter(attempt);
    }
    assert.equal(receiver.got.length, 3);
    assert.deepEqual(await outbox.state(), { waiting: 0, dead: 1 });
    assert.deepEqual(
      (await outbox.dead()).map(({ attempts, lastFailure }) => [attempts, lastFailure]),
      [[3, 'answered 400']],
    );
    receiver.answer = (response) => response.writeHead(200).end();
    assert.equal(await outbox.revive('receiver', now), 1);
    await sender().deliverDue();
    assert.deepEqual(await outbox.state(), { waiting: 0, dead: 0 });
  });

  it('do not wait for ever: a receiver that answers nothing fails, and does not hold up another', async () => {
    const other = await Receiver.start();
    try {
      await put(1, ['slow', 'receiver']);
      other.answer = () => undefined;
      await sender({ targets: [target('slow', other.url), target()], timeoutMs: 200 }).deliverDue();
      assert.deepEqual(log, ['receiver delivered', 'slow failed no answer within 200 ms']);
      assert.equal((await outbox.state()).waiting, 1);
    } finally {
      await other.close();
    }
  });

  it('follow no redirect', async () => {
    const other = await Receiver.start();
    try {
      await put(1);
      receiver.answer = (response) => response.writeHead(307, { location: other.url }).end();
      await sender().deliverDue();
      assert.equal(other.got.length, 0);
      assert.deepEqual(log, ['receiver failed answered 307: redirects are not followed']);
    } finally {
      await other.close();
    }
  });

  it('wait for a receiver that is killed, and come when it is back', async () => {
    await put(2);
    const { port, url } = receiver;
    await receiver.close();
    const targets = [target('receiver', url)];
    await sender({ targets }).deliverDue();
    assert.match(log.join(), /^receiver failed the connection failed \(ECONN\w+\)$/);
    receiver = await Receiver.start(port);
    now += waitAfter(1);
    await sender({ targets }).deliverDue();
    assert.equal(new Set(receiver.ids).size, 2);
  });

  it('are all delivered though the sender is killed while it sends', async function () {
    this.timeout(60_000);
    const secretFile = join(folder, 'secret');
    await writeFile(secretFile, KEY.toString('base64'), { mode: 0o600 });
    await put(5);
    await store.close();
    const { url } = receiver;
    const run = (): ReturnType<typeof spawn> =>
      spawn(process.execPath, [
        join(__dirname, '../../../support/alertSender.js'),
        join(folder, 'store'),
        url,
        secretFile,
      ]);
    const answer = receiver.answer;
    for (const before of [1, 2]) {
      const child = run();
      const exited = once(child, 'exit');
      let count = 0;
      // Killed after it has sent and before it knows that it arrived.
      receiver.answer = (response, request) => {
        count += 1;
        if (count > before) child.kill('SIGKILL');
        else answer(response, request);
      };
      await exited;
    }
    store = await Store.open(join(folder, 'store'));
    outbox = new AlertOutbox(store);
    receiver.answer = answer;
    now = Date.now() + 60_000;
    await sender().deliverDue();
    assert.equal(new Set(receiver.ids).size, 5);
    assert.ok(receiver.ids.length > 5);
    assert.deepEqual(await outbox.state(), { waiting: 0, dead: 0 });
  });

  it('are ended by whoever runs the sender, without counting that as a failure', async () => {
    await put(1);
    receiver.answer = () => undefined;
    const ending = new AbortController();
    const running = sender().run(ending.signal);
    await eventually(() => assert.equal(receiver.got.length, 1));
    ending.abort();
    await running;
    assert.deepEqual(log, []);
    assert.deepEqual(
      (await outbox.due('receiver', now)).map(({ attempts }) => attempts),
      [0],
    );
  });

  it('go to https or to this machine only', () => {
    for (const url of ['https://example.org/a', 'http://127.0.0.1:8/a', 'http://[::1]/']) target('a', url);
    for (const url of [
      'http://example.org/token-1',
      'http://localhost/token-1',
      'http://127.0.0.1.example.org/token-1',
      'https://user:token-1@example.org',
      'ftp://127.0.0.1/token-1',
      'token-1',
    ]) {
      assert.throws(
        () => target('a', url),
        (error: Error) =>
          error.message.includes('not allowed: give an https URL') && !error.message.includes('token-1'),
      );
    }
    assert.throws(() => target('A b'), /needs a name of lower-case words/);
  });

  it('have their secret and the path of their URL in no message, no inspection and not in the store', async () => {
    await put(1);
    receiver.answer = (response) => response.writeHead(500).end(KEY.toString('base64'));
    await sender().deliverDue();
    await receiver.close();
    now += waitAfter(1);
    await sender().deliverDue();
    const stored: unknown[] = [await outbox.due('receiver', Number.POSITIVE_INFINITY)];
    const said = [...log, inspect(target().secret, { showHidden: true, depth: 9 }), JSON.stringify([SECRET, stored])];
    said.push(String(SECRET), inspect(sender(), { showHidden: true, depth: 9 }));
    for (const encoding of ['base64', 'hex', 'latin1'] as const) {
      assert.ok(!said.some((text) => text.includes(KEY.toString(encoding).slice(0, 30))), encoding);
    }
    assert.ok(![...log, JSON.stringify(stored)].some((text) => text.includes('hidden-path')));
  });
});

describe('The receiver of an alert', () => {
  const sent = (): ReceivedAlert => ({
    headers: {
      'webhook-id': 'a1',
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': `v1,${SECRET.sign(`a1.${NOW / 1000}.{}`)}`,
    },
    body: '{}',
  });
  const verify = (alert: ReceivedAlert, now = NOW): string => verifyAlert(alert, { secrets: [SECRET], now }).id;

  it('gets the id of an alert that was signed a short time ago', () => {
    assert.equal(verify(sent()), 'a1');
    assert.equal(verify(sent(), NOW + 299_000), 'a1');
  });

  it('accepts two secrets while one is replaced', () => {
    const next = new AlertSecret(Buffer.alloc(32, 8));
    assert.equal(verifyAlert(sent(), { secrets: [next, SECRET], now: NOW }).id, 'a1');
    assert.throws(() => verifyAlert(sent(), { secrets: [next], now: NOW }), /No signature of the alert holds/);
  });

  it('refuses another body, another id, an old or a future time, and no signature', () => {
    const { headers, body } = sent();
    const none = /No signature of the alert holds/;
    assert.throws(() => verify({ headers, body: `${body} ` }), none);
    assert.throws(() => verify({ headers: { ...headers, 'webhook-id': 'a2' }, body }), none);
    assert.throws(() => verify({ headers: { ...headers, 'webhook-signature': 'v1,' }, body }), none);
    assert.throws(() => verify({ headers: { ...headers, 'webhook-timestamp': String(NOW / 1000 + 1) }, body }), none);
    assert.throws(() => verify(sent(), NOW + 301_000), /signed more than 300 s from now/);
    assert.throws(() => verify(sent(), NOW - 301_000), /signed more than 300 s from now/);
    assert.throws(() => verify({ headers: {}, body }), /no header webhook-id/);
  });

  it('is one that the published example of Standard Webhooks would accept', () => {
    // The example of its specification: https://www.standardwebhooks.com
    const secret = new AlertSecret(Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'));
    const signature = secret.sign('msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}');
    assert.equal(signature, 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});

describe('The file with a secret of alerts', () => {
  after(removeTemporaryFolders);

  it('holds base64 that nobody else may read; a message never repeats it', async () => {
    const path = join(temporaryFolder(), 'secret');
    await writeFile(path, `whsec_${KEY.toString('base64')}\n`, { mode: 0o600 });
    assert.equal((await readAlertSecret(path)).sign('a'), SECRET.sign('a'));
    await chmod(path, 0o640);
    await assert.rejects(readAlertSecret(path), /Others can use the secret in .*chmod 600/);
    for (const [text, why] of [
      ['hunter2 hunter2', /holds no secret in base64/],
      ['aGVsbG8=', /has 24 to 64 bytes, this one has 5/],
      ['x'.repeat(300), /no file with a secret/],
    ] as const) {
      const file = join(temporaryFolder(), 'secret');
      await writeFile(file, text, { mode: 0o600 });
      await assert.rejects(
        readAlertSecret(file),
        (error: Error) => why.test(error.message) && !error.message.includes(text),
      );
    }
    await assert.rejects(readAlertSecret(join(temporaryFolder(), 'none')), /does not exist/);
  });
});
