import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { packageService } from '../admin/package.js';
import type { ChaincodeDeployment } from '../topology/consortium.js';

/** A chaincode cannot be started at all: the package or fabric-shim is missing. */
export class ChaincodeStartError extends Error {
  readonly code = 'CHAINCODE_START';
}

/** Directory of an npm package given by name, or by path. @throws ChaincodeStartError */
export function packageDirectory(specifier: string): string {
  const path = isAbsolute(specifier) ? specifier : specifier.startsWith('.') ? resolve(specifier) : undefined;
  if (path !== undefined) {
    if (existsSync(join(path, 'package.json'))) return path;
    throw new ChaincodeStartError(`There is no package.json in ${path}: name the directory of an npm package.`);
  }
  try {
    return dirname(createRequire(__filename).resolve(`${specifier}/package.json`));
  } catch {
    throw new ChaincodeStartError(`The chaincode package ${specifier} is not installed: add it with npm install.`);
  }
}

/** The program by which fabric-shim starts a chaincode of this package. @throws ChaincodeStartError */
export function shimCommand(directory: string): string {
  for (const from of [join(directory, 'package.json'), __filename]) {
    try {
      return createRequire(from).resolve('fabric-shim/cli.js');
    } catch {
      // Not reachable from there: try the next place.
    }
  }
  throw new ChaincodeStartError(
    `fabric-shim is not installed in ${directory}: add it to the chaincode's dependencies.`,
  );
}

/** `label:sha256`, as a peer would name an installed package. @throws ChaincodeStartError */
export function packageIdOf({ name, version, service }: ChaincodeDeployment): string {
  const label = `${name}_${version}`;
  if ('address' in service) return packageService(label, { address: service.address }).id;
  return `${label}:${chaincodeDigest(packageDirectory(service.package))}`;
}

/**
 * SHA-256 (hex) of a chaincode's npm package: its manifest and the files that the manifest names, and the same for each dependency that npm
 * links from another folder. Installed dependencies are fixed by the lockfile and not read.
 */
export function chaincodeDigest(directory: string): string {
  const hash = createHash('sha256');
  for (const [name, folder] of [...linkedPackages(realpathSync(directory))].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0`);
    for (const path of publishedFiles(folder)) {
      const content = readFileSync(path);
      hash.update(`${relative(folder, path)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** The package and its linked dependencies, also indirect ones: each folder by its name. */
function linkedPackages(directory: string, found = new Map<string, string>()): ReadonlyMap<string, string> {
  const { name, dependencies } = manifestOf(directory);
  if (found.has(name)) return found;
  found.set(name, directory);
  for (const dependency of Object.keys(dependencies)) {
    const folder = linkedFolder(dependency, directory);
    if (folder !== undefined) linkedPackages(folder, found);
  }
  return found;
}

function linkedFolder(dependency: string, from: string): string | undefined {
  const [place] =
    createRequire(join(from, 'package.json'))
      .resolve.paths(dependency)
      ?.map((paths) => join(paths, dependency))
      .filter((folder) => existsSync(join(folder, 'package.json'))) ?? [];
  const folder = place === undefined ? undefined : realpathSync(place);
  return folder?.split(sep).includes('node_modules') === false ? folder : undefined;
}

function publishedFiles(directory: string): readonly string[] {
  const { files, main } = manifestOf(directory);
  const named = [...published(directory, files), ...published(directory, main === undefined ? [] : [main])];
  return [...new Set([join(directory, 'package.json'), ...named])].sort();
}

function manifestOf(directory: string): z.infer<typeof manifestSchema> {
  return manifestSchema.parse(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')));
}

/**
 * The files that a package publishes, by its manifest. Files that npm excludes (`!dist/*.map`) are no code, and exist only where the
 * package is developed.
 */
export const filesOfManifest = z
  .array(z.string())
  .transform((files) => files.filter((file) => !file.startsWith('!')))
  .optional();

const manifestSchema = z.object({
  name: z.string().default(''),
  files: filesOfManifest,
  main: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

function published(directory: string, files: readonly string[] = ['.']): readonly string[] {
  const named = files.some((file) => /[*?!]/.test(file)) ? ['.'] : files;
  const places = named.map((file) => join(directory, file)).filter((place) => existsSync(place));
  return places.flatMap((place) => filesBelow(place));
}

function filesBelow(place: string): readonly string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .filter((name) => name !== 'node_modules' && !name.startsWith('.') && !name.endsWith('.map'))
    .flatMap((name) => filesBelow(join(place, name)));
}
