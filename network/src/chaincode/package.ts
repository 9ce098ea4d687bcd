import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
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

/** SHA-256 (hex) of what a chaincode's npm package consists of, its dependencies aside: its manifest and what that names. */
export function chaincodeDigest(directory: string): string {
  const manifest = join(directory, 'package.json');
  const { files, main } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const hash = createHash('sha256');
  const paths = [manifest, ...published(directory, files), ...published(directory, main === undefined ? [] : [main])];
  for (const path of [...new Set(paths)].sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(directory, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

const manifestSchema = z.object({ files: z.array(z.string()).optional(), main: z.string().optional() });

function published(directory: string, files: readonly string[] = ['.']): readonly string[] {
  const named = files.some((file) => /[*?!]/.test(file)) ? ['.'] : files;
  const places = named.map((file) => join(directory, file)).filter((place) => existsSync(place));
  return places.flatMap((place) => filesBelow(place));
}

function filesBelow(place: string): readonly string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .flatMap((name) => filesBelow(join(place, name)));
}
