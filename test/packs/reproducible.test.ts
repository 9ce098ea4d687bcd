import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pack, publicWorkspaces, ROOT, succeed, type Packed } from '../support/packing.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

/** What a clone does not hold. */
const NOT_IN_CLONES = ['.git', '.tracecal', 'coverage', 'dist', 'node_modules'];

describe('Packages', () => {
  after(removeTemporaryFolders);

  it('are the same, byte for byte, whoever builds and packs them, and wherever', () => {
    const [one, other] = [packedAt('one'), packedAt(join('other', 'deeper', 'down'))];
    assert.equal(one.length, publicWorkspaces().length);
    for (const [index, { name, integrity }] of one.entries()) {
      assert.deepEqual([other[index]?.name, other[index]?.integrity], [name, integrity]);
    }
    const sdk = one.find(({ name }) => name === '@tracecal/gateway-client');
    assert.ok(
      sdk?.files.some(({ path }) => path === 'dist/page/index.html'),
      'the page that checks bundles',
    );
  });
});

/** Builds and packs a fresh copy of the sources in a folder of this name. */
function packedAt(name: string): readonly Packed[] {
  const checkout = join(temporaryFolder(), name);
  copySources(checkout);
  linkModules(checkout);
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const forBrowsers = [join('chaincode', 'core'), join('network', 'ledger'), 'gateway-client'];
  const projects = [
    ...forBrowsers.map((workspace) => join(workspace, 'tsconfig.browser.json')),
    join('gateway-client', 'page'),
    join('gateway-client', 'cli'),
  ];
  succeed(process.execPath, [compiler, '-b', ...projects], checkout);
  for (const script of ['page.mjs', 'gate.mjs']) succeed(process.execPath, [join('.scripts', script)], checkout);
  return pack(checkout, dirname(checkout));
}

function copySources(checkout: string): void {
  for (const place of ['.scripts', 'package.json', 'package-lock.json', 'tsconfig.json', ...publicWorkspaces()]) {
    cpSync(join(ROOT, place), join(checkout, place), { recursive: true, filter: isInClones });
  }
  // npm looks at every workspace; nothing of this one is packed.
  mkdirSync(join(checkout, 'test'));
  cpSync(join(ROOT, 'test', 'package.json'), join(checkout, 'test', 'package.json'));
}

function isInClones(path: string): boolean {
  return !NOT_IN_CLONES.includes(basename(path)) && !path.endsWith('.tsbuildinfo');
}

/** What npm would install: the packages of others as they are here, and its own as links into the copy. */
function linkModules(checkout: string): void {
  const modules = join(ROOT, 'node_modules');
  mkdirSync(join(checkout, 'node_modules', '@tracecal'), { recursive: true });
  for (const name of readdirSync(modules).filter((each) => each !== '@tracecal' && !each.startsWith('.'))) {
    symlinkSync(join(modules, name), join(checkout, 'node_modules', name));
  }
  for (const name of readdirSync(join(modules, '@tracecal'))) {
    const workspace = relative(ROOT, realpathSync(join(modules, '@tracecal', name)));
    symlinkSync(join(checkout, workspace), join(checkout, 'node_modules', '@tracecal', name));
  }
}
