import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { KnownDevices, logFolder } from '@tracecal/gateway-client/application';
import type { KnownDevicesOptions } from '@tracecal/gateway-client/application';
import { directiveText, operatorPinText } from '@tracecal/gateway-client/device';
import { instantOf, millisecondsOf } from '@tracecal/core/model';
import { parseTrust } from '@tracecal/gateway-client/proof/verify';
import { GateWorld } from '../../support/gateWorld.js';
import { Operator, SENSOR } from '../../support/operator.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

const DAY = 86_400;

describe('Known devices', () => {
  let world: GateWorld;
  let now: number;
  let steady: number;

  beforeEach(async () => {
    world = await GateWorld.of();
    await world.bundle();
    await world.sealed();
    [now, steady] = [millisecondsOf(world.ledger.now) + 60_000, 0];
  });

  after(removeTemporaryFolders);

  const known = (more: Partial<KnownDevicesOptions> = {}) =>
    KnownDevices.read({
      bundles: [world.path('bundle.json')],
      trust: parseTrust(readFileSync(world.path('trust.json'), 'utf8')),
      now: () => now,
      steady: () => steady,
      recheckMs: 1000,
      ...more,
    });
  const log = (more: object = {}) => ({ files: logFolder(world.path('log')), maxAgeSeconds: DAY, ...more });
  const refused = async (devices: KnownDevices, device = SENSOR) => {
    // A measurement of nobody makes it read again.
    await devices.ready({ content: { device: 'nobody' } } as never);
    return devices.device(device, { content: {} } as never)?.refused;
  };
  const nextLook = () => {
    now += 2000;
    steady += 2000;
  };

  describe('of an operator who directs', () => {
    let operator: Operator;
    const quarantined = (devices: KnownDevices) => devices.standing?.(SENSOR, instantOf(now)).quarantined;

    beforeEach(() => {
      operator = new Operator(world.hierarchy);
      world.file('directives/export.json', operator.exported());
    });

    const direct = async (number: number, kind: 'quarantine' | 'release') => {
      const date = instantOf(now);
      const directive = await operator.sign(number, { date, from: date, kind });
      world.file(`directives/${number}.json`, directiveText(directive));
    };
    const directed = () =>
      known({ directives: { folder: world.path('directives'), pin: operatorPinText(operator.pin) } });

    it('stay in quarantine if its file is taken away, in one run and after a restart', async () => {
      await direct(1, 'quarantine');
      const devices = await directed();
      assert.match(quarantined(devices) ?? '', /found dropped/);
      rmSync(world.path('directives/1.json'));
      nextLook();
      await refused(devices);
      assert.match(quarantined(devices) ?? '', /directive 1 .* is missing/);
      assert.ok(existsSync(world.path('directives.seen.json')));
      assert.match(quarantined(await directed()) ?? '', /directive 1 .* is missing/);
    });

    it('stay in quarantine if its file and the memory are taken away while it runs', async () => {
      await direct(1, 'quarantine');
      const devices = await directed();
      rmSync(world.path('directives/1.json'));
      rmSync(world.path('directives.seen.json'));
      nextLook();
      await refused(devices);
      assert.match(quarantined(devices) ?? '', /directive 1 .* is missing/);
      await direct(1, 'release');
      nextLook();
      await refused(devices);
      assert.match(quarantined(devices) ?? '', /not the one that was seen before/);
    });

    it('pass nothing if the export is older than it may be, however old a measurement is', async () => {
      const exported = Date.parse((JSON.parse(operator.exported()) as { time: string }).time);
      now = exported + 1000;
      const files = { folder: world.path('directives'), pin: operatorPinText(operator.pin), ageSeconds: 3600 };
      const devices = await known({ directives: files });
      const long = instantOf(exported - 9_999_999);
      const standing = devices.standing ?? assert.fail();
      assert.equal(standing(SENSOR, instantOf(now)).quarantined, null);
      assert.equal(standing(SENSOR, long).quarantined, null);
      now += 3_600_000;
      for (const at of [long, instantOf(now)]) {
        assert.match(standing(SENSOR, at).quarantined ?? '', /longer ago than they may be old: export them/);
      }
    });

    it('stay in quarantine if a directive came while it ran, and is taken away', async () => {
      const devices = await directed();
      assert.equal(quarantined(devices), null);
      await direct(1, 'quarantine');
      nextLook();
      await refused(devices);
      rmSync(world.path('directives/1.json'));
      nextLook();
      await refused(devices);
      assert.match(quarantined(devices) ?? '', /directive 1 .* is missing/);
    });
  });

  it('are refused when their file is about another device', async () => {
    const devices = await known({ log: log() });
    assert.equal(await refused(devices), null);
    await world.bundle('oem-b/sensor-b');
    nextLook();
    assert.match((await refused(devices)) ?? '', /none of the files is about it any more/);
    assert.equal(await refused(devices, 'oem-b/sensor-b'), null);
    await world.bundle();
    nextLook();
    assert.equal(await refused(devices), null);
    assert.match((await refused(devices, 'oem-b/sensor-b')) ?? '', /none of the files/);
  });

  it('are read again in time, also if the clock is put back', async () => {
    const devices = await known();
    assert.equal(await refused(devices), null);
    writeFileSync(world.path('bundle.json'), '{}');
    now -= 600_000;
    steady += 2000;
    assert.match((await refused(devices)) ?? '', /cannot be checked any more/);
  });

  it('are refused when an older log comes back, in one run and after a restart', async () => {
    const older = ['head.json'].map((name) => [name, readFileSync(world.path(`log/${name}`), 'utf8')] as const);
    await world.sealed();
    now = millisecondsOf(world.ledger.now) + 60_000;
    const seen = world.path('log.seen.json');
    const devices = await known({ log: log({ seen }) });
    assert.equal(await refused(devices), null);
    older.forEach(([name, text]) => world.file(`log/${name}`, text));
    nextLook();
    assert.match((await refused(devices)) ?? '', /the change log ends with epoch .* was seen before/);
    // Another one finds it at its start, and says so.
    const again = await known({ log: log({ seen }) }).then(
      () => assert.fail('it was taken'),
      (error: unknown) => String(error),
    );
    assert.match(again, /was seen before/);
  });

  it('are judged by the heartbeats where there is no clock', async () => {
    const devices = await known({ now: null, log: log() });
    assert.equal(await refused(devices), null);
    await world.revoke();
    await world.sealed();
    nextLook();
    assert.match((await refused(devices)) ?? '', /.+/);
  });
});
