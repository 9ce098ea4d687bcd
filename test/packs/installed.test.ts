import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, pack, ROOT, succeed, type Packed } from '../support/packing.js';
import { COMMONJS_PROGRAM, ES_PROGRAM, SEVERAL_KEYS_PROGRAM, TYPED_PROGRAM } from '../support/installedPrograms.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const SDK = ['@tracecal/gateway-client', '@tracecal/core', '@tracecal/ledger', '@tracecal/pki'];
const TRACECAL = join('node_modules', '.bin', 'tracecal');
/** Where npm says that it did not reach a registry. */
const UNREACHED =
  /\b(?:EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/;

/** A lockfile, as npm writes it. */
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

// npm installs from the tarballs into folders of their own, with nothing of the clone above them and none of its overrides.
describe('Installed from tarballs into an empty folder', () => {
  let tarballs: string;
  let packed: readonly Packed[];

  before(() => {
    // Not earlier: a suite that ends before this one begins removes all temporary folders.
    tarballs = temporaryFolder();
    packed = pack(ROOT, tarballs);
  });
  after(removeTemporaryFolders);

  /** Skips the suite, out loud, where the packages of others are not to be had. */
  function install(context: Mocha.Context, names: readonly string[]): string {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'package.json'), '{ "name": "oem", "version": "1.0.0" }\n');
    const files = packed.filter(({ name }) => names.includes(name)).map(({ filename }) => join(tarballs, filename));
    assert.equal(files.length, names.length);
    const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    const { status, stderr } = npm(['install', ...options, ...files], folder);
    if (status !== 0 && UNREACHED.test(stderr)) {
      console.warn('    skipped: npm reaches no package registry, and does not hold all packages of others itself.');
      context.skip();
    }
    assert.equal(status, 0, stderr);
    return folder;
  }

  describe('the SDK', () => {
    let folder: string;

    before(function () {
      folder = install(this, SDK);
    });

    it('is some sixty packages, with one copy of the protobufs, and no part of a network', () => {
      const places = Object.keys(lockOf(folder).packages).filter((place) => place !== '');
      assert.ok(places.length <= 65, `${places.length} packages`);
      assert.equal(places.filter((place) => place.endsWith('/fabric-protos')).length, 1);
      assert.deepEqual(
        places.filter((place) => /@tracecal\/(?:network|chaincode|cli)$|fabric-shim|classic-level/.test(place)),
        [],
      );
    });

    for (const format of ['spdx', 'cyclonedx']) {
      it(`is listed by npm sbom as ${format}, with all that it needs`, () => {
        const document = succeed('npm', ['sbom', `--sbom-format=${format}`], folder);
        for (const place of Object.keys(lockOf(folder).packages)) {
          const name = place.split('node_modules/').at(-1) ?? '';
          assert.ok(document.includes(name), name);
        }
      });
    }

    it('has types for ES modules and for CommonJS, which a strict compiler accepts', () => {
      for (const file of ['program.mts', 'program.cts']) writeFileSync(join(folder, file), TYPED_PROGRAM);
      // The declarations of Fabric's protobufs want types that they do not bring.
      const options = { skipLibCheck: true, strict: true, noEmit: true };
      const compilerOptions = { ...options, module: 'NodeNext', target: 'ES2023', types: ['node'] };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['program.*'] }));
      succeed(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], folder);
    });
  });

  describe('the command line', () => {
    let folder: string;

    before(function () {
      folder = install(
        this,
        packed.map(({ name }) => name),
      );
    });
    after(() => {
      if (folder) succeed(TRACECAL, ['down', '--data', 'data'], folder);
    });

    it('brings a network up, and programs of ten lines ask it', () => {
      succeed(TRACECAL, ['up', '--detach', '--ports', 'free', '--data', 'data'], folder);
      for (const [file, text] of Object.entries({ 'program.mjs': ES_PROGRAM, 'program.cjs': COMMONJS_PROGRAM })) {
        writeFileSync(join(folder, file), text);
        assert.equal(succeed(process.execPath, [file], folder), 'NOT_FOUND\n', file);
      }
    });

    it('runs contracts that ask their peer for several keys at a time, with the protobufs that fabric-shim brings', () => {
      writeFileSync(join(folder, 'severalKeys.cjs'), SEVERAL_KEYS_PROGRAM);
      assert.equal(succeed(process.execPath, ['severalKeys.cjs'], folder), '1 x,y\n');
    });
  });
});

function lockOf(folder: string): Lock {
  return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock;
}
