import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A new folder; {@link removeTemporaryFolders} in an `after` hook removes them all. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tracecal-test-'));
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  folders.splice(0).forEach((folder) => {
    rmSync(folder, { recursive: true, force: true });
  });
}
