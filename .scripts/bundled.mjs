// What the page that checks bundles, the gate and `proof verify` have in common: one file is made of many, when one of them is newer.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The files of folders of the checkout whose names end so. */
export function filesBelow(folders, ending) {
  return folders
    .map((folder) => join(root, ...folder.split('/')))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true })
        .filter((name) => name.endsWith(ending))
        .map((name) => join(folder, name)),
    );
}

/** Makes a file as a whole, unless it is newer than all that it is made of. */
export async function makeOf(target, inputs, made, options = {}) {
  if (existsSync(target) && inputs.every((path) => statSync(path).mtimeMs <= statSync(target).mtimeMs)) {
    return;
  }
  const text = await made();
  mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, text, options);
  renameSync(temporary, target);
}

/** The licences of the packages of others that are in a bundle, as these ask for. */
export function licenceTexts(paths) {
  const packages = paths.flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path.split(sep).join('/'))?.[1] ?? [],
  );
  return [...new Set(packages)].sort().map((name) => {
    const licence = readFileSync(join(root, 'node_modules', ...name.split('/'), 'LICENSE'), 'utf8');
    return `${name}\n\n${licence.trim()}`;
  });
}

/**
 * One file for Node, of a program in sources of this project.
 *
 * @param own Further options of esbuild.
 */
export async function bundledForNode(entry, own) {
  const { build } = await import('esbuild');
  return build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20.9',
    format: 'cjs',
    mainFields: ['module', 'main'],
    charset: 'ascii',
    legalComments: 'none',
    metafile: true,
    write: false,
    ...own,
  });
}

/**
 * Takes the packages of this project from their sources, with Node's cryptography.
 *
 * @param packages Their folders by their names.
 */
export function fromSources(packages) {
  return {
    name: 'from-sources',
    setup(build) {
      const source = (path, file) => ({ path: join(root, path, 'src', file), sideEffects: false });
      build.onResolve({ filter: /^#platform$/ }, () => source('chaincode/core', 'platform/node.ts'));
      build.onResolve({ filter: /^#crypto$/ }, () => source('network/ledger', 'crypto/node.ts'));
      build.onResolve({ filter: /^@tracecal\// }, ({ path }) => {
        const [, name, entry = ''] = /^(@tracecal\/[^/]+)(\/.+)?$/.exec(path) ?? [];
        const folder = packages[name];
        // Whoever runs it finds what is no code.
        if (/\.(?:json|yaml)$/.test(entry)) {
          return { path, external: true };
        }
        if (folder === undefined) {
          throw new Error(`${path} is of no package whose sources are taken.`);
        }
        const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
        const { default: own } = exports[entry === '' ? '.' : `.${entry}`];
        const file = (own.default ?? own).replace('./dist/', '').replace(/\.js$/, '.ts');
        return source(folder, file);
      });
    },
  };
}
