import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout. */
export const ROOT = resolve(__dirname, '..', '..', '..');

const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** A package that npm packed. */
export interface Packed {
  readonly name: string;
  readonly filename: string;
  /** Digest of the tarball. */
  readonly integrity: string;
  readonly files: readonly { readonly path: string }[];
}

/** The workspaces that are packages for others. */
export function publicWorkspaces(): readonly string[] {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    workspaces: readonly string[];
  };
  return workspaces.filter((workspace) => workspace !== 'test');
}

/** Packs the workspaces of a checkout. @returns What npm says of each */
export function pack(checkout: string, folder: string): readonly Packed[] {
  const chosen = publicWorkspaces().flatMap((workspace) => ['--workspace', workspace]);
  const options = ['--json', '--offline', '--ignore-scripts', '--pack-destination', folder];
  return JSON.parse(succeed(NPM, ['pack', ...chosen, ...options], checkout)) as readonly Packed[];
}

/** Runs npm. */
export function npm(args: readonly string[], cwd: string) {
  return spawnSync(NPM, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

/** Runs a program that has to end well. @returns What it wrote to stdout */
export function succeed(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
  return stdout;
}
