import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { base64Bytes } from '@tracecal/core/platform';
import { channelOf } from '@tracecal/gateway-client';
import type { Trust, TrustedChannel } from '@tracecal/gateway-client';
import type { Place } from '@tracecal/gateway-client/replica';
import { CliUser, spawnTracecal, tracecal } from '../support/commandLine.js';
import { altered } from '../support/replica/alterations.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Answer {
  readonly status: string;
  readonly reliance: { readonly lacks: string | null };
  readonly replica: Place;
  readonly notes: readonly string[];
}

/** Each scenario goes on where the one before it left off. */
describe('A replica by the command line', function () {
  this.timeout(180_000);
  let user: CliUser;
  let replica: string;
  let genesis: string;
  const sensor = 'RP4-0815';

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    replica = join(temporaryFolder(), 'replica');
    const { temperature } = await startTemperatureConsortium(user);
    const [institute, second, third] = temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const imprinted = ['--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'];
    await user.succeed('dcc', 'import', second, ...imprinted);
    await user.succeed('dcc', 'import', third, '--technician', 't-alpha', '--owner', 'oem-a');
    genesis = join(user.data, 'channels', 'calibration', 'genesis.block');
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('is told that nobody vouches for its first block, until somebody does', async () => {
    const { code, stdout } = await tracecal(['follow', replica, '--once', '--data', user.data]);
    assert.equal(code, 0);
    assert.match(stdout, /blocks of calibration are verified[^]*nobody vouches for the first block/);
    assert.equal(await user.fail(2, 'follow', replica, '--once', '--genesis', '0'.repeat(64)), 'OTHER_CHANNEL');
    assert.equal(await user.fail(2, 'follow', replica, '--once', '--genesis', 'nothing-here'), 'PIN_INVALID');
    const place = await user.succeed<Place>('follow', replica, '--once', '--genesis', genesis);
    assert.deepEqual([place.channel, place.isPinned], ['calibration', true]);
  });

  it('begins with the channel of a trust file, and takes no other one', async () => {
    const trust = join(temporaryFolder(), 'trust.json');
    const root = join(user.data, 'keys/organisations/nmi-north.cert.pem');
    await user.succeed('trust', 'add', 'nmi-north', root, '--trust', trust);
    const { stdout } = await tracecal(['trust', 'export', '--from-network', '--trust', trust, '--data', user.data]);
    writeFileSync(trust, stdout);
    const folder = join(temporaryFolder(), 'trusting');
    const place = await user.succeed<Place>('follow', folder, '--once', '--trust', trust);
    assert.deepEqual([place.channel, place.isPinned], ['calibration', true]);
    assert.equal(
      (await user.succeed<Answer>('trace', sensor, '--replica', folder, '--trust', trust)).replica.isPinned,
      true,
    );
    const exported = JSON.parse(stdout) as Trust;
    writeFileSync(trust, JSON.stringify({ ...exported, channel: anotherChannel(exported.channel!) }));
    const elsewhere = ['--once', '--trust', trust];
    assert.equal(await user.fail(2, 'follow', folder, ...elsewhere), 'OTHER_CHANNEL');
    assert.equal(await user.fail(2, 'follow', join(temporaryFolder(), 'new'), ...elsewhere), 'OTHER_CHANNEL');
    assert.equal(await user.fail(2, 'trace', sensor, '--replica', folder, '--trust', trust), 'OTHER_CHANNEL');
  });

  it('compares the peers of several members', async () => {
    const peers = ['--peers', 'nmi-north,lab-alpha,oem-a'];
    const { height } = await user.succeed<Place>('follow', join(temporaryFolder(), 'other'), '--once', ...peers);
    assert.equal(height, (await user.succeed<Place>('follow', replica, '--once')).height);
  });

  it('is followed until it is interrupted, and asked meanwhile', async () => {
    const follower = spawnTracecal(['follow', replica, '--json', '--data', user.data]);
    const lines = createInterface({ input: follower.stdout });
    const [first] = (await once(lines, 'line')) as [string];
    const next = once(lines, 'line');
    await user.succeed('technician', 'add', 't-other', '--org', 'lab-alpha', '--quantities', 'temperature');
    const [second] = (await next) as [string];
    assert.ok((JSON.parse(second) as Place).height > (JSON.parse(first) as Place).height);
    assert.ok((await user.succeed<Answer>('trace', sensor, '--replica', replica)).replica.height > 1);
    follower.kill('SIGINT');
    const [code] = (await once(follower, 'exit')) as [number];
    assert.equal(code, 130);
  });

  it('answers when the network is gone, as the network did', async () => {
    const { status } = await user.succeed<Answer>('trace', sensor);
    const trust = join(temporaryFolder(), 'trust.json');
    await user.succeed(
      'trust',
      'add',
      'nmi-north',
      join(user.data, 'keys/organisations/nmi-north.cert.pem'),
      '--trust',
      trust,
    );
    await user.run('down');
    const elsewhere = ['--data', join(temporaryFolder(), 'nothing'), '--replica', replica, '--trust', trust];
    const { code, stdout, stderr } = await tracecal(['trace', sensor, ...elsewhere]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`${status}[^]*nobody was asked: this is what the replica in\\s[^]* holds`));
    const answer = await user.succeed<Answer>('trace', sensor, '--replica', replica);
    assert.deepEqual([answer.status, answer.replica.isPinned], [status, true]);
    assert.ok(answer.notes.some((note) => note.includes(`has ${answer.replica.height} blocks`)));
  });

  it('has exit code 8 where no heartbeat shows that it is recent', async () => {
    const answer = await user.answers<Answer>(8, 'trace', sensor, '--replica', replica, '--max-age', '1h');
    assert.equal(answer.reliance.lacks, 'freshness');
    assert.ok(answer.notes.some((note) => note.includes('heartbeat')));
  });

  it('says what it cannot do', async () => {
    assert.equal(await user.fail(6, 'trace', 'nobody', '--replica', replica), 'NOT_REGISTERED');
    assert.equal(await user.fail(2, 'trace', sensor, '--replica', join(replica, 'none')), 'REPLICA_MISSING');
    assert.equal(await user.fail(2, 'trace', sensor, '--replica', replica, '--as', 'oem-a'), 'USAGE');
    assert.ok(!existsSync(join(replica, 'none')));
  });
});

/** A channel of the same name and members, which begins with another block. */
function anotherChannel(channel: TrustedChannel): TrustedChannel {
  const first = altered(base64Bytes(channel.configuration)!, ({ header }) => ({
    header: { ...header, previousHash: Buffer.alloc(32) },
  }));
  return { ...channel, ...channelOf(first) };
}
