import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { publishProofs } from '@tracecal/gateway-client/application';
import { GateWorld, journalOf } from '../support/gateWorld.js';
import { later } from '../support/hierarchy.js';
import { serve } from '../support/staticSite.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const PAGE = '<!doctype html>\n<meta name="generator" content="tracecal-proof-page/1" />\n';
const HOUR = 3600;

/** Stories of docs/gate.md, with the gate as a process of its own. */
describe('The boot gate in use', function () {
  this.timeout(300_000);
  after(removeTemporaryFolders);

  /** Seven joint encoders and two force sensors, calibrated with one working standard. */
  async function robot(): Promise<{ readonly world: GateWorld; readonly sensors: readonly string[] }> {
    const names = Array.from({ length: 9 }, (_, place) => `raven-${place + 1}`);
    const world = await GateWorld.of(async (own) => {
      for (const id of names) {
        await own.addDevice({ id, technician: 't-oem-a', kind: 'field' });
        own.addReport({ id: `${id}-r`, device: id, technician: 't-oem-a', parents: ['working-a-r1'] });
      }
    });
    return { world, sensors: names.map((name) => `oem-a/${name}`) };
  }

  async function stapled(world: GateWorld, sensors: readonly string[]): Promise<readonly string[]> {
    for (const [place, sensor] of sensors.entries()) await world.bundle(sensor, `bundles/${place}.json`);
    const devices = sensors.map((device, place) => ({ device, bundle: `bundles/${place}.json` }));
    const set = world.file('set.json', JSON.stringify({ type: 'tracecal-gate-set/1', devices }));
    return ['--set', set, '--trust', world.path('trust.json'), '--log', world.path('log')];
  }

  it('A surgical robot (Raven II) starts only if all of its nine sensors verify, and one revoked standard stops it', async () => {
    const { world, sensors } = await robot();
    const words = await stapled(world, sensors);
    await world.sealed();
    const start = [...words, '--', 'echo', 'the arms move'];
    const run = world.run(start);
    assert.deepEqual([run.code, run.stdout], [0, 'the arms move\n'], run.stderr);
    assert.equal(journalOf(run)['devices']?.split(',').length, 9);

    // Two sensors come without their proofs: the robot is one set, and its line names both.
    assert.equal(journalOf(run)['closed'], '-');
    await world.bundle(sensors[0], 'bundles/7.json');
    await world.bundle(sensors[0], 'bundles/8.json');
    const missing = world.run(start);
    assert.deepEqual([missing.code, missing.stdout], [109, '']);
    assert.equal(journalOf(missing)['decided-by'], sensors[7]);
    assert.equal(journalOf(missing)['closed'], `${sensors[7]},${sensors[8]}`);

    // The factory's working standard is found to be wrong: all nine lose their support with the next log.
    await world.bundle(sensors[7], 'bundles/7.json');
    await world.bundle(sensors[8], 'bundles/8.json');
    await world.revoke();
    await world.sealed();
    assert.equal(world.run(start).code, 100);
    await stapled(world, sensors);
    await world.log();
    const revoked = world.run(start);
    assert.deepEqual([revoked.code, journalOf(revoked)['outcome']], [103, 'revoked']);
  });

  it('In an emergency room the monitor was refreshed an hour ago, the line is down now, and it starts at once', async () => {
    const { world, sensors } = await robot();
    const words = await stapled(world, sensors);
    await world.sealed();

    // While there is a line: the site of the maker has what `proof publish --log --latest` writes.
    const folder = temporaryFolder();
    const texts = sensors.map((_, place) => readFileSync(world.path(`bundles/${place}.json`), 'utf8'));
    await publishProofs(folder, { bundles: texts, page: PAGE, isLatest: true });
    cpSync(world.path('log'), join(folder, 'log'), { recursive: true });
    rmSync(world.path('log'), { recursive: true });
    rmSync(world.path('bundles'), { recursive: true });
    const site = await serve(folder);
    const refresh = ['refresh', ...words, '--from', site.url, '--jitter', '0'];
    const refreshed = await world.served(refresh);
    assert.equal(refreshed.code, 0, refreshed.stderr);
    assert.match(refreshed.stderr, /epochs=\d+ bundles=9 gate-would=open/);

    // The line goes down.
    await site.stop();
    const inAnHour = later(world.ledger.now, HOUR);
    const failed = await world.served(refresh, inAnHour);
    assert.equal(failed.code, 109, failed.stderr);
    const now = world.run([...words, '--', 'echo', 'monitoring'], { now: inAnHour });
    assert.deepEqual([now.code, now.stdout], [0, 'monitoring\n'], now.stderr);

    // It stays down over the weekend: the gate says that it runs in grace.
    const onMonday = later(world.ledger.now, 3 * 24 * HOUR);
    const grace = world.run([...words, '--grace', '7d', '--', 'echo', 'monitoring'], { now: onMonday });
    assert.deepEqual([grace.code, journalOf(grace)['outcome']], [0, 'grace'], grace.stderr);
    assert.equal(world.run([...words, '--', 'echo', 'monitoring'], { now: onMonday }).code, 100);
  });
});
