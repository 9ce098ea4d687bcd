import { existsSync, readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../errors.js';

const OTHERS_WRITE = 0o022;
const OTHERS_ENTER = 0o011;

/**
 * Requires that a directory and these places in it (with the direct content of folders) belong to the caller and that nobody else can write
 * to them. Missing places are skipped. Root is treated like any other user.
 *
 * @throws CliError `DATA_UNUSABLE`
 */
export function requireOwn(root: string, places: readonly string[]): void {
  const user = process.getuid?.();
  const directory = statusOf(root);
  if (user === undefined || !directory?.isDirectory()) {
    return;
  }
  // Nobody else can write into a directory that nobody else can enter.
  const writable = (directory.mode & OTHERS_ENTER) === 0 ? 0 : OTHERS_WRITE;
  const flaw =
    flawOf(root, directory, user, OTHERS_WRITE) ??
    places.flatMap(withEntries).reduce<string | undefined>((found, path) => {
      const status = found === undefined ? statusOf(path) : undefined;
      return status ? flawOf(path, status, user, writable) : found;
    }, undefined);
  if (flaw !== undefined) {
    throw new CliError('DATA_UNUSABLE', flaw);
  }
}

function flawOf(path: string, { uid, mode }: Stats, user: number, writable: number): string | undefined {
  if (uid !== user) {
    return `${path} belongs to another user, who could have you end processes or trust strangers: run this as that user, or take it over with chown if it is yours.`;
  }
  return (mode & writable) === 0
    ? undefined
    : `Others can write to ${path}, and could have you end processes or trust strangers: \`chmod -R go-w\` the directory if what is in it is yours.`;
}

function withEntries(path: string): readonly string[] {
  return statusOf(path)?.isDirectory() ? [path, ...readdirSync(path).map((name) => join(path, name))] : [path];
}

function statusOf(path: string): Stats | undefined {
  // A file in the middle of the path is no error here: making the directory reports it.
  return existsSync(path) ? statSync(path, { throwIfNoEntry: false }) : undefined;
}
