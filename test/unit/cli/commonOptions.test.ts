import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@tracecal/cli';
import { tracecal } from '../../support/commandLine.js';
import { makeUser } from '../../support/fabricUser.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}

const invalid = { code: 'commander.invalidArgument' };

describe('The options that commands share', () => {
  after(removeTemporaryFolders);

  async function refusal(
    exit: number,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<Failure['error']> {
    const place = { TRACECAL_DATA: join(temporaryFolder(), 'none'), ...environment };
    const { code, stdout, stderr } = await tracecal([...args, '--json'], { environment: place });
    assert.equal(code, exit, stderr);
    return (JSON.parse(stdout) as Failure).error;
  }

  for (const command of [
    ['status'],
    ['up'],
    ['down'],
    ['reset'],
    ['demo'],
    ['dcc', 'inspect', 'x.xml'],
    ['trust', 'show'],
    ['network', 'describe'],
    ['statement', 'show', 'x.json'],
  ]) {
    it(`are refused where they would do nothing: ${command.join(' ')} --as, --profile`, async () => {
      for (const option of ['--as', '--profile']) {
        const { message } = await refusal(2, [...command, option, 'nobody']);
        assert.match(message, new RegExp(`There is no option ${option}\\.`));
      }
    });
  }

  it('say how long the network may take, in seconds or as a span of time', async () => {
    assert.deepEqual(['5', '10s', '2m', '0.5', '90'].map(parse.timeout), [5000, 10_000, 120_000, 500, 90_000]);
    for (const text of ['0', '-1', '1e3', 'soon', '10 s', '25h', '']) {
      assert.throws(() => parse.timeout(text), invalid, text);
    }
    const { code, message } = await refusal(2, ['trace', 'x'], { TRACECAL_TIMEOUT: 'soon' });
    assert.equal(code, 'USAGE');
    assert.match(message, /TRACECAL_TIMEOUT is "soon"/);
  });

  it('are in the environment, too, which counts less than what is typed', async () => {
    const environment = { TRACECAL_PROFILE: '/nowhere/environment.json' };
    const find = ['find', '--owner', 'oem-a'];
    assert.match((await refusal(2, find, environment)).message, /environment\.json does not exist/);
    assert.match((await refusal(2, [...find, '--profile', '/nowhere/typed.json'], environment)).message, /typed\.json/);
    const typed = await refusal(3, [...find, '--data', temporaryFolder()], environment);
    assert.equal(typed.code, 'NETWORK_DOWN', 'a data directory that is typed is the place');
    const { stdout } = await tracecal(['--help']);
    for (const name of ['TRACECAL_DATA', 'TRACECAL_PROFILE', 'TRACECAL_AS', 'TRACECAL_TIMEOUT']) {
      assert.match(stdout, new RegExp(`^ {2}${name} `, 'm'));
    }
  });

  describe('with a profile of a network that is not there', () => {
    let profile: string;
    let address: string;

    before(async () => {
      const gone = createServer().listen(0, '127.0.0.1');
      await once(gone, 'listening');
      address = `127.0.0.1:${(gone.address() as AddressInfo).port}`;
      gone.close();
      await once(gone, 'close');
      profile = join(temporaryFolder(), 'connection.json');
      const crypto = { client: { organization: 'oem-a', cryptoconfig: { path: '/nowhere' } } };
      const organizations = {
        'oem-a': { mspid: 'OemAMSP', peers: ['peer0'], cryptoPath: 'users/{username}/msp' },
      };
      // A user beside the profile: where the profile says there is nobody.
      await makeUser(join(profile, '..', 'users', 'User1', 'msp'));
      writeFileSync(
        profile,
        JSON.stringify({ ...crypto, organizations, peers: { peer0: { url: `grpc://${address}` } } }),
      );
    });

    it('say at which address nothing answers, and where that stands', async () => {
      const { code, message } = await refusal(3, ['scopes', 'list', 'nmi-north', '--profile', profile]);
      assert.equal(code, 'NETWORK_DOWN');
      assert.match(
        message,
        new RegExp(`^Nothing answers at ${address}: connect ECONNREFUSED ${address}\\. Check the address in `),
      );
      assert.ok(message.includes(profile), message);
    });

    it('let nobody act but the organisation of the profile', async () => {
      const { code, message } = await refusal(2, ['find', '--owner', 'x', '--profile', profile, '--as', 'oem-b']);
      assert.equal(code, 'USAGE');
      assert.match(message, /is the profile of oem-a: you cannot act as oem-b/);
      await refusal(2, ['find', '--owner', 'x'], { TRACECAL_PROFILE: profile, TRACECAL_AS: 'oem-b' });
    });

    it('name a site by its name, because nothing lists them', async () => {
      const { code, message } = await refusal(2, ['measurement', 'batches', '--profile', profile]);
      assert.equal(code, 'USAGE');
      assert.match(message, /which site with --site/);
    });
  });
});

describe('A moment on the command line', () => {
  it('is a day to its end, an instant, or an instant with an offset from UTC', () => {
    assert.equal(parse.asOf('2026-03-01'), '2026-03-01T23:59:59Z');
    assert.equal(parse.asOf('2026-03-01T10:00:00Z'), '2026-03-01T10:00:00Z');
    assert.equal(parse.asOf('2026-03-01T10:00Z'), '2026-03-01T10:00:00Z');
    assert.equal(parse.asOf('2026-03-01T10:00+02:00'), '2026-03-01T08:00:00Z');
    assert.equal(parse.asOf('2026-03-01T00:30:15+05:30'), '2026-02-28T19:00:15Z');
    assert.equal(parse.effectiveFrom('2026-03-01T10:00-01:00'), '2026-03-01T11:00:00Z');
  });

  it('is refused where it can be read in two ways, or does not exist', () => {
    for (const text of [
      ...['1.3.2026', '01/03/2026', '2026-3-1', 'now', '2026-03-01 10:00', '2026-03-01T10:00'],
      ...['2026-02-30', '2026-02-30T10:00+02:00', '2026-03-01T24:00Z', '2026-03-01T10:60Z', '2026-03-01T10:00+15:00'],
    ]) {
      assert.throws(() => parse.asOf(text), invalid, text);
    }
    assert.throws(() => parse.asOf('1.3.2026'), /year-month-day like 2026-03-01/);
  });
});
