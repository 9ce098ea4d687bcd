import assert from 'node:assert/strict';
import files from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { memoryKey, trustedRoots } from '@tracecal/gateway-client';
import { KnownDevices, logFolder } from '@tracecal/gateway-client/application';
import { checkGate, directiveText, issueTicket, operatorPinText, TicketCounter } from '@tracecal/gateway-client/device';
import type { GateFiles } from '@tracecal/gateway-client/device';
import { parseTrust } from '@tracecal/gateway-client/proof/verify';
import { millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import sinon from 'sinon';
import { GateWorld, SENSOR } from '../support/gateWorld.js';
import { later } from '../support/hierarchy.js';
import { Operator } from '../support/operator.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';

const DAY = 86_400;

describe('What a gate decides from', function () {
  this.timeout(60_000);
  let world: GateWorld;

  afterEach(() => {
    sinon.restore();
  });
  after(removeTemporaryFolders);

  const gateFiles = (now: Instant, more: Partial<GateFiles> = {}): GateFiles => ({
    devices: [{ device: SENSOR, bundle: world.path('bundle.json') }],
    trust: world.path('trust.json'),
    log: world.path('log'),
    now,
    ...more,
  });

  describe('while somebody replaces files', () => {
    it('is read once, so that nobody has it judge one file and use another', async () => {
      world = await GateWorld.of();
      await world.bundle();
      await world.sealed();
      const operator = new Operator(world.hierarchy);
      const { now } = world.ledger;
      const quarantine = await operator.sign(1, { date: now, from: now });
      const override = { kind: 'override', date: now, until: later(now, 3600), devices: [{ id: SENSOR }] } as const;
      world.file('operator.json', operatorPinText(operator.pin));
      world.file('directives/export.json', operator.exported([quarantine], now));
      world.file('directives/1.json', directiveText(quarantine));
      world.file('override.json', await operator.text(1, override));
      const opened: string[] = [];
      const open = files.open.bind(files);
      sinon.replace(files, 'open', (async (path: string, ...more: never[]) => {
        if (path.startsWith(world.folder)) opened.push(path);
        return open(path, ...more);
      }) as typeof files.open);
      const directed = {
        directives: world.path('directives'),
        operator: world.path('operator.json'),
        override: world.path('override.json'),
      };
      const decided = async (at: Instant, more: Partial<GateFiles>) => {
        opened.length = 0;
        const { outcome } = await checkGate(gateFiles(at, more));
        // What is remembered is written under a lock, and read there again.
        const read = opened.map((path) => basename(path)).filter((name) => !/\.seen\.json|\.lock|\.tmp/.test(name));
        assert.deepEqual([...new Set(read)], read, `a file is read twice: ${read.join()}`);
        return [outcome, read] as const;
      };
      const [overridden, directing] = await decided(later(now, 60), directed);
      assert.equal(overridden, 'override');
      for (const name of ['1.json', 'operator.json', 'override.json']) assert.ok(directing.includes(name), name);
      // In grace a bundle is judged more than once.
      const [inGrace, judging] = await decided(later(now, 2 * DAY), { graceSeconds: 7 * DAY });
      assert.equal(inGrace, 'grace');
      for (const name of ['bundle.json', 'trust.json', 'head.json']) assert.ok(judging.includes(name), name);
    });
  });

  describe('under a clock that jumps', () => {
    beforeEach(async () => {
      world = await GateWorld.of();
      await world.bundle();
      await world.sealed();
    });

    it('opens nothing before the log was signed, and is open again when the clock is right', async () => {
      const right = later(world.ledger.now, 60);
      const found: string[] = [];
      for (const now of [
        right,
        later(right, 30 * DAY),
        right,
        later(right, -30 * DAY),
        later(right, -2 * 3600),
        right,
      ]) {
        found.push((await checkGate(gateFiles(now, { maxAgeSeconds: DAY }))).outcome);
      }
      assert.deepEqual([found[0], found[1], found[2], found[5]], ['open', 'stale', 'open', 'open']);
      assert.ok(found[3] !== 'open' && found[4] !== 'open', found.join());
    });

    it('opens nothing from a log that is older than the one seen, whatever the clock says', async () => {
      const right = later(world.ledger.now, 60);
      const old = gateFiles(right, { log: world.path('log'), seen: world.path('seen.json') });
      assert.equal((await checkGate(old)).outcome, 'open');
      await world.sealed('newer');
      const newer = { ...old, log: world.path('newer'), now: later(world.ledger.now, 60) };
      assert.equal((await checkGate(newer)).outcome, 'open');
      for (const now of [right, later(right, -DAY), later(right, 3600)]) {
        assert.notEqual((await checkGate({ ...old, now })).outcome, 'open', now);
        assert.equal((await checkGate({ ...old, now, hasClock: false })).outcome, 'rolled-back', now);
      }
    });
  });

  it('is overdue for gate, filter and ticket alike', async () => {
    world = await GateWorld.of((own) => own.require('oem-a', { intervalDays: 1 }));
    world.ledger.now = later(world.ledger.now, 2 * DAY);
    await world.bundle();
    await world.sealed();
    const now = later(world.ledger.now, 60);
    const gate = await checkGate(gateFiles(now));
    assert.equal(gate.outcome, 'overdue');
    const trust = parseTrust(readFileSync(world.path('trust.json'), 'utf8'));
    const known = await KnownDevices.read({
      bundles: [world.path('bundle.json')],
      trust,
      log: { files: logFolder(world.path('log')), maxAgeSeconds: DAY },
      now: () => millisecondsOf(now),
    });
    const refused = known.device(SENSOR, { content: {} } as never)?.refused ?? '';
    assert.match(refused, /interval|due/);
    const counter = new TicketCounter(world.path('tickets'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { decision, ticket } = await issueTicket(
      { device: SENSOR, bundle: readFileSync(world.path('bundle.json'), 'utf8') },
      {
        trust: { ...trust, roots: trustedRoots(trust) },
        log: logFolder(world.path('log')),
        clock: { now, maxAgeSeconds: DAY },
        seen: null,
      },
      { key: memoryKey(privateKey), counter, validSeconds: 3600 },
    );
    assert.deepEqual([decision.outcome, ticket], ['overdue', null]);
    assert.ok(gate.why.startsWith(refused), `${gate.why} and ${refused}`);
  });
});
