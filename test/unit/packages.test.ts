import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..', '..');
const load = createRequire(__filename);

/** A file, or several by condition. */
type Target = string | { readonly [condition: string]: Target };

interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Target>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  /** What its files import by another name, which begins with `#`. */
  readonly imports?: Readonly<Record<string, unknown>>;
}

const WORKSPACES = (manifestOf('.').workspaces ?? []).filter((workspace) => workspace !== 'test');
const CODE = WORKSPACES.filter((workspace) => workspace !== 'test-network-config');
/** What programs import: as ES modules and in CommonJS. The others are what a command or a peer runs: in CommonJS, which Node imports too. */
const FOR_PROGRAMS = ['chaincode/core', 'network/ledger', 'network/pki', 'gateway-client'];
/** What Node's view of CommonJS has beside the names. */
const ADDED_BY_NODE = ['__esModule', 'module.exports'];
/** Whose files import one another in one direction only. */
const WITHOUT_CIRCLES = ['gateway-client', 'gateway-client/monitor', 'gateway-client/cli', 'network/pki', 'network'];

describe('A package', function () {
  this.timeout(60_000);

  for (const workspace of CODE) {
    it(`names what it imports: ${workspace}`, () => {
      const { name, dependencies, devDependencies, peerDependencies, imports } = manifestOf(workspace);
      const named = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies, ...imports });
      const known = new Set([name, ...named]);
      const imported = sourcesOf(workspace).flatMap((file) => importsOf(file).filter((each) => !each.startsWith('.')));
      const packages = new Set(imported.filter((each) => !each.startsWith('node:')).map(packageOf));
      assert.ok(packages.size > 0);
      assert.deepEqual(
        [...packages].filter((each) => !known.has(each)),
        [],
      );
    });
  }

  it('is packed with a README, the licence, its commands, and code and types of all that it exports', () => {
    const packed = packedFiles();
    for (const workspace of WORKSPACES) {
      const { name, bin = {}, exports = {} } = manifestOf(workspace);
      const targets = [
        ...Object.values(bin),
        ...Object.values(exports)
          .flatMap(targetsOf)
          .filter((each) => !each.includes('*')),
      ];
      const wanted = ['README.md', 'LICENSE', 'package.json', ...targets.map((each) => each.replace('./', ''))];
      const files = packed.get(name) ?? [];
      assert.deepEqual(
        wanted.filter((each) => !files.includes(each)),
        [],
        name,
      );
      assert.deepEqual(
        files.filter((each) => each.endsWith('.map') || each.endsWith('.tsbuildinfo')),
        [],
        `${name}: what points to sources that are not packed`,
      );
      const licence = (folder: string) => readFileSync(join(ROOT, folder, 'LICENSE'), 'utf8');
      assert.equal(licence(workspace), licence('.'), name);
    }
  });

  it('tells nobody to run npx, which finds the command in a clone alone', () => {
    for (const workspace of WORKSPACES) {
      assert.doesNotMatch(readFileSync(join(ROOT, workspace, 'README.md'), 'utf8'), /^npx tracecal /m, workspace);
    }
  });

  it('of the SDK is installed without a network, a contract or a command line', () => {
    const installed = installedWith('@tracecal/gateway-client');
    assert.ok(installed.has('@tracecal/core') && installed.has('@hyperledger/fabric-gateway'));
    const foreign = ['@tracecal/network', '@tracecal/chaincode', '@tracecal/cli', 'fabric-shim', 'classic-level'];
    assert.deepEqual(
      foreign.filter((each) => installed.has(each)),
      [],
    );
  });

  for (const workspace of FOR_PROGRAMS) {
    it(`gives import and require the same names, functions and classes: ${workspace}`, async () => {
      const { name, exports = {} } = manifestOf(workspace);
      for (const entry of Object.keys(exports).filter(isCode)) {
        const specifier = `${name}${entry.slice(1)}`;
        const required = load(specifier) as Readonly<Record<string, unknown>>;
        const imported = (await import(specifier)) as Readonly<Record<string, unknown>>;
        assert.ok(Object.keys(required).length > 0, specifier);
        const names = Object.keys(imported).filter((each) => !ADDED_BY_NODE.includes(each));
        assert.deepEqual(names.sort(), Object.keys(required).sort(), specifier);
        for (const each of Object.keys(required)) {
          assert.equal(imported[each], required[each], `${each} of ${specifier}`);
        }
      }
    });
  }

  it('names types before code, under every condition', () => {
    for (const workspace of CODE) {
      const { exports = {} } = manifestOf(workspace);
      for (const [entry, target] of Object.entries(exports).filter(([each]) => isCode(each))) {
        const conditions = targetsOf(target);
        const isTypes = conditions.map((file) => /\.d\.m?ts$/.test(file));
        assert.ok(
          isTypes.length > 0 && isTypes.every((types, index) => types === (index % 2 === 0)),
          `${workspace} ${entry}`,
        );
      }
    }
  });

  for (const workspace of WITHOUT_CIRCLES) {
    it(`has no file that imports itself through others: ${workspace}`, () => {
      const imports = new Map(sourcesOf(workspace).map((file) => [file, filesImportedBy(file)]));
      assert.deepEqual(circleIn(imports), []);
    });
  }
});

/** Whether an export is code, not data. */
function isCode(entry: string): boolean {
  return !entry.endsWith('.json');
}

function manifestOf(workspace: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8')) as Manifest;
}

function targetsOf(target: Target): readonly string[] {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(targetsOf);
}

/** What npm puts into each package, by its name. */
function packedFiles(): ReadonlyMap<string, readonly string[]> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = ['--dry-run', '--json', '--workspaces', '--offline', '--ignore-scripts'];
  const { stdout } = spawnSync(npm, ['pack', ...options], { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const packages = JSON.parse(stdout) as readonly Packed[];
  return new Map(packages.map(({ name, files }) => [name, files.map(({ path }) => path)]));
}

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
}

function sourcesOf(workspace: string): readonly string[] {
  const folder = join(ROOT, workspace, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?ts$/.test(name))
    .map((name) => join(folder, name));
}

/** What a file names in `import ... from`, `export ... from` and `import()`. */
function importsOf(file: string): readonly string[] {
  const found = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export|\}) ?[^;]*?from '([^']+)';|\bimport\('([^']+)'\)/gm,
  );
  return [...found].map(([, stated, loaded]) => stated ?? loaded ?? '');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function filesImportedBy(file: string): readonly string[] {
  return importsOf(file)
    .filter((each) => each.startsWith('.'))
    .map((each) => resolve(dirname(file), each.replace(/\.js$/, '.ts')));
}

/** The packages that npm installs with one, by the lock file. */
function installedWith(name: string): ReadonlySet<string> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Manifest & { readonly resolved?: string; readonly link?: boolean }>>;
  };
  const installed = new Set<string>();
  const add = (each: string) => {
    if (installed.has(each)) {
      return;
    }
    installed.add(each);
    const entry = lock.packages[`node_modules/${each}`];
    const { dependencies = {} } = (entry?.link ? lock.packages[entry.resolved ?? ''] : entry) ?? {};
    Object.keys(dependencies).forEach(add);
  };
  add(name);
  return installed;
}

/** The files of a circle, as they import one another; empty if there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) {
      return [...path.slice(path.indexOf(file)), file].map((each) => relative(ROOT, each));
    }
    for (const next of done.has(file) ? [] : (imports.get(file) ?? [])) {
      const circle = visit(next, [...path, file]);
      if (circle.length > 0) {
        return circle;
      }
    }
    done.add(file);
    return [];
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle.length > 0) {
      return circle;
    }
  }
  return [];
}
