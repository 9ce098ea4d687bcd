import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { chaincodeDigest, filesOfManifest, packageDirectory, shimCommand } from '../../chaincode/index.js';
import { defaultConsortiumFile } from '../../topology/index.js';
import type { DockerLayout } from './layout.js';
import { FabricError } from '../common/errors.js';

const names = z.record(z.string(), z.unknown()).default({});
const manifest = z.object({
  files: filesOfManifest,
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});

/** The build context of an image, and the paths within it. */
export interface StagedChaincode {
  /** The folder of the build context. */
  readonly context: string;
  readonly directory: string;
  readonly shim: string;
}

/** The build contexts of a network's chaincode images. Chaincodes with the same code share one. */
export class ImageContexts {
  readonly #layout: DockerLayout;
  readonly #staged = new Map<string, StagedChaincode>();

  constructor(layout: DockerLayout) {
    this.#layout = layout;
  }

  /** @throws FabricError `BAD_CHAINCODE` */
  async stage(specifier: string): Promise<StagedChaincode> {
    const folder = this.#layout.imageDir(specifier, chaincodeDigest(packageDirectory(specifier)));
    const staged = this.#staged.get(folder) ?? (await stageChaincode(specifier, folder));
    this.#staged.set(folder, staged);
    return staged;
  }

  /** Deletes all other contexts. */
  async keep(staged: readonly StagedChaincode[]): Promise<void> {
    const kept = new Set(staged.map(({ context }) => context));
    const there = await readdir(this.#layout.imagesDir).catch((): string[] => []);
    for (const context of there.map((name) => join(this.#layout.imagesDir, name)).filter((path) => !kept.has(path))) {
      this.#staged.delete(context);
      await rm(context, { recursive: true, force: true });
    }
  }
}

/**
 * Writes the context of a chaincode's image: the Dockerfile, the package and its production dependencies, as installed here. So the image
 * contains the tested code, and building it needs no package registry.
 *
 * @throws FabricError `BAD_CHAINCODE`
 */
export async function stageChaincode(specifier: string, context: string): Promise<StagedChaincode> {
  try {
    const directory = await realpath(packageDirectory(specifier));
    const shim = shimCommand(directory);
    const packages = new Map<string, string>();
    await collect(directory, directory, packages);
    await collect(dirname(shim), await realpath(dirname(shim)), packages);
    const root = commonFolder([...packages.keys()]);
    await rm(context, { recursive: true, force: true });
    await mkdir(context, { recursive: true });
    const target = join(context, 'chaincode');
    for (const [place, source] of packages) await copyPackage(source, join(target, relative(root, place)));
    const staged = { context, directory: inside(root, directory), shim: inside(root, shim) };
    await writeFile(join(context, 'Dockerfile'), await dockerfile(staged));
    return staged;
  } catch (cause) {
    // Remove a partial context: it would be taken for a complete one.
    await rm(context, { recursive: true, force: true });
    if (cause instanceof FabricError) throw cause;
    throw new FabricError('BAD_CHAINCODE', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The template with a command that reads the environment, as peers' builders and Fabric's samples do. */
async function dockerfile({ directory, shim }: StagedChaincode): Promise<string> {
  const template = await readFile(join(dirname(defaultConsortiumFile()), 'docker', 'Dockerfile'), 'utf8');
  const serve = `exec node ${shim} server --chaincode-address="$CHAINCODE_SERVER_ADDRESS" --chaincode-id="$CHAINCODE_ID"`;
  return `${template}WORKDIR ${directory}\nCMD ${JSON.stringify(['sh', '-c', serve])}\n`;
}

/** Collects the dependencies of a package at `place`, whose files, after links, are in `source`. */
async function collect(place: string, source: string, packages: Map<string, string>): Promise<void> {
  if (packages.has(place)) return;
  packages.set(place, source);
  const { dependencies, optionalDependencies, peerDependencies } = await manifestOf(source);
  for (const name of Object.keys({ ...optionalDependencies, ...peerDependencies, ...dependencies })) {
    const found = locate(source, name);
    if (found !== undefined) await collect(found, await realpath(found), packages);
    else if (name in dependencies && !(name in optionalDependencies)) {
      throw new FabricError('BAD_CHAINCODE', `${name}, which ${basename(source)} needs, is not installed: run npm ci.`);
    }
  }
}

async function manifestOf(folder: string): Promise<z.infer<typeof manifest>> {
  return manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
}

/** Finds a package like Node does. */
function locate(from: string, name: string): string | undefined {
  const found = join(from, 'node_modules', name);
  if (existsSync(join(found, 'package.json'))) return found;
  return dirname(from) === from ? undefined : locate(dirname(from), name);
}

/** Copies the files that a package publishes; an installed package contains only those. */
async function copyPackage(source: string, target: string): Promise<void> {
  const { files } = await manifestOf(source);
  const published = source.split(sep).includes('node_modules') ? undefined : files;
  if (published === undefined) {
    const filter = (path: string): boolean => !relative(source, path).split(sep).includes('node_modules');
    await cp(source, target, { recursive: true, dereference: true, filter });
    return;
  }
  await mkdir(target, { recursive: true });
  for (const file of ['package.json', ...published]) {
    await cp(join(source, file), join(target, file), { recursive: true, dereference: true });
  }
}

function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths.map((path) => dirname(path));
  return others.reduce((folder, path) => {
    let common = folder;
    while (path !== common && !path.startsWith(`${common}${sep}`) && dirname(common) !== common)
      common = dirname(common);
    return common;
  }, first);
}

function inside(root: string, path: string): string {
  return `/chaincode/${relative(root, path).split(sep).join('/')}`;
}
