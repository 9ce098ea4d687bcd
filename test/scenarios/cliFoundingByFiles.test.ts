import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, parseJson } from '@tracecal/core/model';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { CliUser } from '../support/commandLine.js';
import { officerByFiles } from '../support/officerByFiles.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const INSTITUTES = ['nmi-north', 'nmi-south', 'nmi-east'] as const;
type Institute = (typeof INSTITUTES)[number];

interface State {
  readonly registry: string;
  readonly institutes: readonly {
    readonly id: string;
    readonly certificateSha256: string;
    readonly hasSigned: boolean;
  }[];
  readonly isComplete: boolean;
}

interface Submitted {
  readonly registry: string;
  readonly steps: readonly { readonly what: string }[];
}

/** Machines without a network, and one on which the network runs. What passes between them are files. */
describe('The founding of a registry by institutes whose root keys lie on machines without a network', function () {
  this.timeout(180_000);

  let folder: string;
  let consortium: string;
  let online: CliUser;

  before(() => {
    folder = temporaryFolder();
    consortium = join(folder, 'consortium.yaml');
    copyFileSync(defaultConsortiumFile(), consortium);
    online = new CliUser(join(folder, 'online'));
  });

  after(async () => {
    await online.run('down');
    removeTemporaryFolders();
  });

  function vault(institute: Institute): CliUser {
    return new CliUser(join(folder, `vault of ${institute}`));
  }

  function rootFile(institute: Institute): string {
    return join(folder, `${institute}.root.pem`);
  }

  const founding = (): string => join(folder, 'founding.json');
  const roots = (): readonly string[] => INSTITUTES.map(rootFile);

  /** A founding in which an insider changed something. */
  function changed(change: (item: Record<string, unknown>) => void): string {
    const file = join(folder, 'changed.json');
    const item = parseJson(readFileSync(founding(), 'utf8').trim()) as Record<string, unknown>;
    change(item);
    writeFileSync(file, canonicalJson(item));
    return file;
  }

  it('begins with a root key in each vault, whose certificate alone leaves it', async () => {
    for (const institute of INSTITUTES) {
      const args = ['founding', 'root', institute, '--consortium', consortium, '-o', rootFile(institute)];
      const { sha256 } = await vault(institute).succeed<{ sha256: string }>(...args);
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.doesNotMatch(readFileSync(rootFile(institute), 'utf8'), /PRIVATE/);
    }
    assert.equal(
      await vault('nmi-north').fail(
        2,
        'founding',
        'root',
        'lab-alpha',
        '--consortium',
        consortium,
        '-o',
        join(folder, 'x'),
      ),
      'USAGE',
    );
    assert.ok(!existsSync(join(folder, 'x')));
  });

  it('is not written while the root of an institute is missing', async () => {
    const [first = '', second = ''] = roots();
    const create = ['founding', 'create', first, second, '--institute', 'nmi-north', '--consortium', consortium];
    assert.equal(await vault('nmi-north').fail(2, ...create, '-o', founding()), 'INPUT_INVALID');
    assert.ok(!existsSync(founding()));
  });

  it('is signed by one institute after the other, each with its own key alone', async () => {
    const create = ['founding', 'create', ...roots(), '--institute', 'nmi-north', '--consortium', consortium];
    const first = await vault('nmi-north').succeed<State>(...create, '--transcription-days', '30', '-o', founding());
    assert.deepEqual(
      first.institutes.map(({ hasSigned }) => hasSigned),
      [true, false, false],
    );
    const show = ['founding', 'show', founding(), '--consortium', consortium];
    assert.equal((await vault('nmi-south').answers<State>(5, ...show)).isComplete, false);
    // The others have to read it where they share a folder.
    const usual = join(folder, 'usual');
    writeFileSync(usual, '');
    assert.equal(statSync(founding()).mode, statSync(usual).mode);
    // In another order than the statement names them.
    for (const institute of ['nmi-east', 'nmi-south'] as const) {
      const sign = ['founding', 'sign', founding(), '--institute', institute, '--consortium', consortium];
      const { registry } = await vault(institute).succeed<State>(...sign);
      assert.equal(registry, first.registry, 'signatures do not change which registry it is');
      assert.equal(await vault(institute).fail(2, ...sign), 'INPUT_INVALID', 'nobody signs twice');
    }
    assert.equal((await vault('nmi-south').succeed<State>(...show)).isComplete, true);
    const other = ['founding', 'sign', founding(), '--institute', 'nmi-south', '--consortium', consortium];
    assert.equal(await vault('nmi-north').fail(2, ...other), 'KEYS_MISSING', 'no vault has the key of another');
  });

  it('is refused if somebody changed a signature, a certificate or a statement in it', async () => {
    const memberships = (item: Record<string, unknown>): { payload: string }[] =>
      item['memberships'] as { payload: string }[];
    const files = [
      () => changed((item) => memberships(item).reverse().pop()),
      () => changed((item) => void (memberships(item)[1]!.payload = memberships(item)[0]!.payload)),
      () => changed((item) => (item['certificates'] as string[]).reverse()),
      () => changed((item) => void (item['statement'] as { signatures: unknown[] }).signatures.reverse().pop()),
    ];
    for (const file of files) {
      const show = ['founding', 'show', file(), '--consortium', consortium];
      assert.equal(await vault('nmi-south').fail(2, ...show), 'INPUT_INVALID', file.toString());
    }
  });

  it('is registered on a network where no root key ever was, and the founders are trusted there', async () => {
    mkdirSync(online.data, { recursive: true, mode: 0o700 });
    copyFileSync(founding(), join(online.data, 'founding.json'));
    const started = await online.succeed<{ founding: readonly unknown[] }>('up', '--detach', '--ports', 'free');
    assert.equal(started.founding.length, 1);
    const { steps, registry } = await online.succeed<Submitted>('founding', 'submit', founding());
    assert.deepEqual(steps, []);
    const { roots: trusted } = await online.succeed<{ roots: readonly { name: string; sha256: string }[] }>(
      'trust',
      'show',
    );
    const { institutes } = await online.succeed<State>('founding', 'show', founding());
    assert.deepEqual(
      trusted.map(({ name, sha256 }) => [name, sha256]),
      institutes.map(({ id, certificateSha256 }) => [id, certificateSha256]).sort(),
    );
    assert.ok(registry.startsWith('calibration:'));
  });

  it('is followed by officers, whom the root certifies and authorises in its vault by files', async () => {
    const vaulted = { online, vault: vault('nmi-north'), folder, founding: founding() };
    assert.deepEqual(await officerByFiles(vaulted), []);
    const { items } = await online.succeed<{ items: readonly { id: string }[] }>('officer', 'list');
    assert.deepEqual(
      items.map(({ id }) => id),
      ['nmi-north/deputy'],
    );
    // From now on the officer speaks for the institute, and the vault stays closed.
    await online.succeed(
      'suspend',
      'organisation',
      'nmi-north',
      '--reason',
      'unspecified',
      '--yes',
      '--as',
      'nmi-north',
    );
  });

  it('lets nobody sign for a registry in a vault that was founded by another statement', async () => {
    const other = join(folder, 'other.json');
    const create = ['founding', 'create', ...roots(), '--institute', 'nmi-north', '--consortium', consortium];
    await vault('nmi-north').succeed(...create, '--transcription-days', '31', '-o', other);
    const sign = ['statement', 'sign', join(folder, 'deputy.json'), '--as', 'nmi-north', '--founding', other];
    assert.equal(await vault('nmi-north').fail(2, ...sign), 'OTHER_REGISTRY');
  });
});
