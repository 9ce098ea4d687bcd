import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, instantOf, millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { memoryKey, TraceCalError, trustedRoots } from '@tracecal/gateway-client';
import type { SigningKey } from '@tracecal/gateway-client';
import { checkTicket, issueTicket, operatorPinText, readTicket, TicketCounter } from '@tracecal/gateway-client/device';
import type { Issued, TicketAsked, TicketOptions } from '@tracecal/gateway-client/device';
import { parseTrust, HEAD_FILE, epochFile } from '@tracecal/gateway-client/proof/verify';
import { privateKeyPem } from '@tracecal/pki';
import { CliUser } from '../../support/commandLine.js';
import { GateWorld } from '../../support/gateWorld.js';
import { loggedBundle } from '../../support/loggedBundle.js';
import { Operator } from '../../support/operator.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const DEVICE = 'oem-a/sensor-a';
const HOUR = 3600;
const DAY = 24 * HOUR;

describe('A ticket from the gate', () => {
  let files: Awaited<ReturnType<typeof loggedBundle>>;
  let key: SigningKey;
  let signed: Instant;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  before(async () => {
    files = await loggedBundle();
    key = memoryKey(privateKey);
    // The moment at which the institutes signed the log.
    const { decision } = await issue({}, {}, '2026-12-31T00:00:00Z');
    signed = decision.seen?.time ?? assert.fail();
  });

  after(removeTemporaryFolders);

  function issue(
    changes: Partial<TicketAsked> = {},
    options: Partial<TicketOptions> = {},
    now = instantOf(millisecondsOf(signed) + 60_000),
  ): Promise<Issued> {
    const trust = parseTrust(files.trust);
    const asked: TicketAsked = {
      trust: { ...trust, roots: trustedRoots(trust) },
      log: files.log,
      clock: { now, maxAgeSeconds: DAY },
      seen: null,
      ...changes,
    };
    const counter = new TicketCounter(join(temporaryFolder(), 'tickets'));
    return issueTicket({ device: DEVICE, bundle: files.bundle }, asked, {
      key,
      counter,
      validSeconds: HOUR,
      ...options,
    });
  }

  const seconds = (instant: Instant) => millisecondsOf(instant) / 1000;

  it('is accepted by the reader with this key, and names the verdict', async () => {
    const { decision, ticket } = await issue();
    assert.ok(ticket);
    const verdict = decision.devices[0]?.verdict ?? assert.fail();
    const reader = {
      publicKey: key.publicKey,
      device: DEVICE,
      registry: verdict.registry,
      lastCounter: 0,
      now: ticket.end - 1,
    };
    assert.deepEqual((await checkTicket(ticket.bytes, reader)).accepted, true);
    const { ticket: read } = await readTicket(ticket.bytes);
    const digest = createHash('sha256').update(canonicalJson(verdict)).digest('hex');
    assert.equal(Buffer.from(read.verdict).toString('hex'), digest);
    assert.deepEqual([read.end, read.counter], [seconds(signed) + 60 + HOUR, 1]);
    assert.ok(!ticket.isShortened);
  });

  it('never outlives the age of the heartbeats that it rests on', async () => {
    const { ticket } = await issue({}, { validSeconds: 30 * DAY });
    assert.ok(ticket?.isShortened);
    assert.ok(ticket.end <= seconds(signed) + DAY);
    // The gate itself opens until then, and no longer.
    assert.ok((await issue({}, {}, instantOf(ticket.end * 1000))).ticket);
    assert.equal((await issue({}, {}, instantOf((ticket.end + 1) * 1000))).decision.outcome, 'stale');
  });

  it('is not given, and takes no number, where the gate stays closed', async () => {
    const folder = join(temporaryFolder(), 'tickets');
    const now = instantOf(millisecondsOf(signed) + 2 * DAY * 1000);
    const { decision, ticket } = await issue({}, { counter: new TicketCounter(folder) }, now);
    assert.deepEqual([decision.outcome, ticket], ['stale', null]);
    assert.ok(!existsSync(folder));
    const seen = { ...(decision.seen ?? assert.fail()), epoch: 1000 };
    assert.equal((await issue({ seen })).decision.outcome, 'rolled-back');
  });

  it('does not go out if its number cannot be remembered', async () => {
    const folder = join(temporaryFolder(), 'tickets');
    mkdirSync(join(folder, 'counter.json'), { recursive: true });
    let signatures = 0;
    const watched = { ...key, sign: (bytes: Uint8Array) => ((signatures += 1), key.sign(bytes)) };
    await assert.rejects(issue({}, { counter: new TicketCounter(folder), key: watched }));
    assert.equal(signatures, 0);
  });

  it('does not go out if the key does not sign what its public half verifies', async () => {
    const other = memoryKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    const error: unknown = await issue({}, { key: { ...key, sign: (bytes) => other.sign(bytes) } }).then(
      () => assert.fail('it went out'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof TraceCalError && error.code === 'SIGNER_INVALID');
  });

  it('comes from the command line into a file, with what has to be burnt in', async () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    writeFileSync(at('bundle.json'), files.bundle);
    writeFileSync(at('trust.json'), files.trust);
    writeFileSync(at('gate.key.pem'), privateKeyPem(privateKey), { mode: 0o600 });
    mkdirSync(at('log'));
    writeFileSync(join(at('log'), HEAD_FILE), await files.log.head());
    for (const [number, text] of files.log.epochs.entries()) {
      mkdirSync(join(at('log'), epochFile(number), '..'), { recursive: true });
      writeFileSync(join(at('log'), epochFile(number)), text ?? '');
    }
    const user = new CliUser(at('data'));
    const words = [
      ...['gate', 'ticket', DEVICE, '--bundle', at('bundle.json'), '--trust', at('trust.json'), '--log', at('log')],
      ...['--key', at('gate.key.pem'), '--counter', at('tickets'), '--output', at('ticket'), '--seen', at('seen.json')],
    ];
    assert.equal((await user.answers<{ outcome: string }>(100, ...words)).outcome, 'stale');
    assert.ok(!existsSync(at('ticket')));
    interface Answer {
      readonly ticket: {
        readonly counter: number;
        readonly end: number;
        readonly publicKey: string;
        readonly bytes: number;
      };
    }
    for (const number of [1, 2]) {
      const { ticket } = await user.succeed<Answer>(...words, '--max-age', '3650d');
      assert.equal(ticket.counter, number);
      assert.equal(ticket.publicKey, Buffer.from(key.publicKey).toString('hex'));
      assert.equal(ticket.bytes, readFileSync(at('ticket')).length);
      assert.equal((await readTicket(readFileSync(at('ticket')))).ticket.end, ticket.end);
    }
    assert.equal(await user.fail(109, ...words, '--max-age', '3650d', '--key', at('trust.json')), 'KEY_EXPOSED');
    for (const wrong of [['--bundle', at('nowhere')], ['--trust', at('nowhere')], ['--loud'], ['--max-age', 'soon']]) {
      await user.answers(109, ...words, '--max-age', '3650d', ...wrong);
    }
    await user.answers(109, 'gate', 'ticket', DEVICE);
  });

  it('is not given for a device in quarantine, nor for longer than until a quarantine begins', async () => {
    const world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    const operator = new Operator(world.hierarchy);
    const now = instantOf(Date.now());
    world.file('operator.json', operatorPinText(operator.pin));
    world.file('directives/export.json', operator.exported());
    writeFileSync(world.path('gate.key.pem'), privateKeyPem(privateKey), { mode: 0o600 });
    const user = new CliUser(world.path('data'));
    const words = [
      ...['gate', 'ticket', ...world.words('--max-age', '3650d', '--key', world.path('gate.key.pem'))],
      ...['--counter', world.path('tickets'), '--output', world.path('ticket')],
      ...['--directives', world.path('directives'), '--operator', world.path('operator.json')],
    ];
    const from = instantOf(millisecondsOf(now) + HOUR * 1000);
    world.file('directives/1.json', await operator.text(1, { date: now, from }));
    const { ticket } = await user.succeed<{ ticket: { end: number; isShortened: boolean } }>(...words);
    assert.deepEqual([ticket.end, ticket.isShortened], [seconds(from) - 1, true]);
    assert.ok(existsSync(world.path('log.seen.json')), 'it remembers as the gate does');
    rmSync(world.path('ticket'));
    world.file('directives/2.json', await operator.text(2, { date: now, from: now }));
    assert.equal((await user.answers<{ outcome: string }>(104, ...words)).outcome, 'quarantined');
    rmSync(world.path('directives/2.json'));
    assert.equal((await user.answers<{ outcome: string }>(104, ...words)).outcome, 'quarantined');
    assert.ok(!existsSync(world.path('ticket')));
  });
});
