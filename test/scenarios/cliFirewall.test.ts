import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import sinon from 'sinon';
import { DENIALS, POLICIES } from '@tracecal/network/firewall';
import { consortiumText } from '@tracecal/network/topology';
import { CliUser, tracecal } from '../support/commandLine.js';
import { placedConsortium, SAMPLE_FIREWALL } from '../support/firewall/placedConsortium.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Rulesets {
  readonly rulesets: readonly { readonly host: string; readonly ruleset: string }[];
}

interface Files {
  readonly files: readonly { readonly host: string; readonly file: string }[];
}

interface Check {
  readonly host: string;
  readonly isLoaded: boolean;
  readonly isSame: boolean;
  readonly differences: readonly { readonly kind: string; readonly place: string; readonly content: string }[];
}

const PEER = 'peer0.oem-a.example';
const PEER_ADDRESS = '10.6.1.1';

describe('A firewall by the command line', function () {
  this.timeout(60_000);
  let user: CliUser;
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = temporaryFolder();
    user = new CliUser(join(folder, 'data'));
    file = join(folder, 'consortium.yaml');
    writeFileSync(file, consortiumText(placedConsortium()));
  });

  afterEach(() => {
    sinon.restore();
  });

  after(removeTemporaryFolders);

  function firewall(...args: readonly string[]): readonly string[] {
    return ['firewall', ...args, '--consortium', file];
  }

  describe('generate', () => {
    it('prints the ruleset of one machine and nothing else, so that it can be piped into nft', async () => {
      const { code, stdout, stderr } = await tracecal(firewall('generate', '--host', PEER));
      assert.equal(code, 0, stderr);
      const { rulesets } = await user.succeed<Rulesets>(...firewall('generate', '--host', PEER));
      assert.deepEqual(
        rulesets.map(({ host, ruleset }) => [host, ruleset.trimEnd()]),
        [[PEER_ADDRESS, stdout.trimEnd()]],
      );
      assert.match(stdout, /^#!\/usr\/sbin\/nft -f\n[^]*table inet tracecal \{[^]*\}\n$/);
    });

    it('names the same machine by its address and by the node on it', async () => {
      const byNode = await user.succeed<Rulesets>(...firewall('generate', '--host', PEER));
      assert.deepEqual(await user.succeed<Rulesets>(...firewall('generate', '--host', PEER_ADDRESS)), byNode);
    });

    it('writes one file for each machine into a new folder, with the same text, and replaces them later', async () => {
      const output = join(folder, 'all of them', 'rules');
      const { files } = await user.succeed<Files>(...firewall('generate', '--all', '--output', output));
      assert.equal(files.length, 17);
      assert.deepEqual(readdirSync(output).sort(), files.map(({ host }) => `${host}.nft`).sort());
      const { rulesets } = await user.succeed<Rulesets>(...firewall('generate', '--host', PEER));
      const place = join(output, `${PEER_ADDRESS}.nft`);
      assert.equal(readFileSync(place, 'utf8'), rulesets[0]?.ruleset);
      writeFileSync(place, 'edited by hand');
      await user.succeed(...firewall('generate', '--host', PEER, '-o', output));
      assert.equal(readFileSync(place, 'utf8'), rulesets[0]?.ruleset);
    });

    it('warns on stderr of machines that loading over SSH would cut off', async () => {
      const { stdout, stderr } = await tracecal(firewall('generate', '--host', 'peer0.oem-b.example'));
      assert.match(stderr, /No administrators' network reaches 10\.7\.1\.1: loaded over SSH/);
      assert.doesNotMatch(stdout, /SSH, the ruleset/);
      assert.equal((await tracecal(firewall('generate', '--host', PEER))).stderr, '');
    });

    it('warns of an exception that has expired', async () => {
      const exception = { from: '10.6.1.1', to: '10.99.0.123', protocol: 'udp', port: 123, answered: true } as const;
      const expired = { ...exception, why: 'time server', allowedBy: 'J. Doe', until: '2020-12-31' };
      writeFileSync(file, consortiumText(placedConsortium({ ...SAMPLE_FIREWALL, exceptions: [expired] })));
      const { code, stderr } = await tracecal(firewall('generate', '--host', PEER));
      assert.equal(code, 0);
      assert.match(stderr, /exception from 10\.6\.1\.1 to 10\.99\.0\.123:123 by J\. Doe expired on 2020-12-31/);
    });

    it('refuses an unknown machine and names those that there are, and writes nothing', async () => {
      const output = join(folder, 'rules');
      const args = firewall('generate', '--host', 'peer9.oem-a.example', '-o', output);
      assert.equal(await user.fail(2, ...args), 'HOST_UNKNOWN');
      assert.match((await tracecal(args)).stderr, /No machine "peer9\.oem-a\.example"[^]*10\.6\.1\.1/);
      assert.ok(!existsSync(output));
    });

    it('wants one machine, or all of them and a folder', async () => {
      assert.equal(await user.fail(2, ...firewall('generate')), 'USAGE');
      assert.equal(await user.fail(2, ...firewall('generate', '--all')), 'USAGE');
      const both = firewall('generate', '--all', '--host', PEER, '-o', join(folder, 'rules'));
      assert.equal(await user.fail(2, ...both), 'USAGE');
    });

    it('says what to do where a file stands in the place of the folder', async () => {
      const { code, stderr } = await tracecal(firewall('generate', '--all', '-o', file));
      assert.equal(code, 2);
      assert.match(stderr, /name another folder with -o\. \[FILE_UNWRITABLE\]/);
    });

    it('says of a description without hosts that no firewall is needed there', async () => {
      assert.equal(await user.fail(2, 'firewall', 'generate', '--host', PEER), 'NO_HOSTS');
      assert.equal(
        await user.fail(2, 'firewall', 'generate', '--host', PEER, '--consortium', 'none'),
        'FILE_UNREADABLE',
      );
    });
  });

  describe('explain', () => {
    it('says the sentence of the policy that allows something', async () => {
      const { code, stdout } = await tracecal(firewall('explain', 'site-a/gateways', `${PEER}:7551`));
      assert.equal(code, 0);
      assert.ok(stdout.startsWith(`Allowed: ${POLICIES.client}\n`), stdout);
      assert.match(stdout, /tcp 7551: site-a\/gateways to peer0\.oem-a\.example\./);
    });

    it('says why something is denied, with exit code 7', async () => {
      const { code, stdout } = await tracecal(firewall('explain', 'site-b/gateways', 'site-a/instruments:502'));
      assert.equal(code, 7);
      assert.equal(stdout, `Denied: ${DENIALS.instruments}\n`);
      const answer = await user.answers<object>(7, ...firewall('explain', 'site-b/gateways', 'site-a/instruments:502'));
      assert.deepEqual(answer, {
        from: 'site-b/gateways',
        to: 'site-a/instruments',
        port: 502,
        isAllowed: false,
        sentence: DENIALS.instruments,
        flows: [],
        reason: 'instruments',
      });
    });

    it('explains every port where none is named', async () => {
      const answer = await user.succeed<{ flows: { ports: number[] }[] }>(
        ...firewall('explain', 'site-a/gateways', 'site-a/instruments'),
      );
      assert.deepEqual(
        answer.flows.map(({ ports }) => ports),
        [[502]],
      );
    });

    it('refuses names and ports that there are not', async () => {
      assert.equal(await user.fail(2, ...firewall('explain', 'site-z/gateways', PEER)), 'END_UNKNOWN');
      for (const port of ['0', '65536', 'http', '', '22:23']) {
        assert.equal(await user.fail(2, ...firewall('explain', 'site-a/gateways', `${PEER}:${port}`)), 'USAGE', port);
      }
      assert.equal(await user.fail(2, ...firewall('explain', 'site-a/gateways')), 'USAGE');
    });
  });

  describe('check', () => {
    const CHECK = ['check', '--host', PEER] as const;

    /** Only a shell is on PATH, and these programs in place of the real ones. */
    function onPath(programs: Readonly<Record<string, string>>): void {
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      symlinkSync(shell(), join(bin, 'sh'));
      for (const [name, script] of Object.entries(programs)) {
        writeFileSync(join(bin, name), `#!${shell()}\n${script}\n`, { mode: 0o755 });
      }
      sinon.stub(process.env, 'PATH').value(bin);
    }

    /** The loaded table has the first comments, and nft would list the generated one with the second. */
    function nftLists(loaded: readonly string[], generated: readonly string[]): void {
      onPath({ nft: `echo '${listing(loaded)}'`, unshare: `echo '${listing(generated)}'` });
    }

    it('says what to install where there is no nft', async () => {
      onPath({});
      const { code, stderr } = await tracecal(firewall(...CHECK));
      assert.equal(code, 3);
      assert.match(stderr, /no nft on PATH[^]*install the package nftables[^]*\[NFT_MISSING\]/);
      assert.equal(await user.fail(3, ...firewall(...CHECK)), 'NFT_MISSING');
    });

    it('says which rights it lacks', async () => {
      onPath({ nft: 'echo "Operation not permitted (you must be root)" >&2; exit 1' });
      const { code, stderr } = await tracecal(firewall(...CHECK));
      assert.equal(code, 3);
      assert.match(stderr, /rights of an administrator[^]*sudo[^]*\[NFT_PRIVILEGE\]/);
    });

    it('is content with the generated rules', async () => {
      nftLists(['one', 'two'], ['one', 'two']);
      const check = await user.succeed<Check>(...firewall(...CHECK));
      assert.deepEqual(check, { host: PEER_ADDRESS, isLoaded: true, isSame: true, differences: [] });
    });

    it('names what differs, with exit code 1', async () => {
      nftLists(['one', 'typed by hand'], ['one', 'two']);
      const { differences } = await user.no<Check>(...firewall(...CHECK));
      assert.deepEqual(
        differences.map(({ kind, place }) => [kind, place]),
        [
          ['missing', 'chain input'],
          ['extra', 'chain input'],
        ],
      );
      const { stdout } = await tracecal(firewall(...CHECK));
      assert.match(
        stdout,
        /^chain input: not loaded: .*two.*\nchain input: loaded, but not generated: .*typed by hand/,
      );
    });

    it('says that nothing is loaded, with exit code 1', async () => {
      const missing = 'Error: No such file or directory; did you mean table x in family inet?';
      onPath({ nft: `echo "${missing}" >&2; exit 1`, unshare: `echo '${listing(['one'])}'` });
      const { code, stdout } = await tracecal(firewall(...CHECK));
      assert.equal(code, 1);
      assert.equal(stdout, `No firewall of TraceCal is loaded here: load that of ${PEER_ADDRESS} with nft -f.\n`);
    });

    it('asks which machine this is, where its addresses do not tell', async () => {
      nftLists([], []);
      const { code, stderr } = await tracecal(firewall('check'));
      assert.equal(code, 2);
      assert.match(stderr, /say with --host which one this is[^]*10\.6\.1\.1[^]*\[HOST_UNKNOWN\]/);
    });
  });
});

/** As `nft -j list table` writes it. */
function listing(comments: readonly string[]): string {
  const rules = comments.map((comment) => ({ rule: { family: 'inet', table: 'tracecal', chain: 'input', comment } }));
  return JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6' } }, ...rules] });
}

function shell(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = ['/bin', ...folders].map((each) => join(each, 'sh')).find(existsSync);
  assert.ok(found !== undefined, 'there is a shell');
  return found;
}
