import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWNED_ID } from '@tracecal/core/model';

/**
 * Reports that name a certificate which was not registered yet, as notes beside the content store, so that they are found once it is. The
 * notes only help to find them: current data is read from the registry.
 */
export class WaitingChildren {
  readonly #folder: string;

  constructor(contentFolder: string) {
    this.#folder = join(contentFolder, 'waiting');
  }

  /** @param certificate - What the report names: a certificate number, or the digest of a file. */
  async add(certificate: string, report: string): Promise<void> {
    const folder = this.#folderOf(certificate);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, digestOf(report)), report);
  }

  /** The reports that wait for a certificate, sorted. */
  async of(certificate: string): Promise<readonly string[]> {
    const folder = this.#folderOf(certificate);
    const names = await readdir(folder).catch(noneIfAbsent);
    const reports = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    return reports.filter((report) => OWNED_ID.test(report)).sort();
  }

  async remove(certificate: string, report: string): Promise<void> {
    await rm(join(this.#folderOf(certificate), digestOf(report)), { force: true });
  }

  #folderOf(certificate: string): string {
    return join(this.#folder, digestOf(certificate));
  }
}

/** Names from a certificate never become parts of a path. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function noneIfAbsent(error: unknown): readonly string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return [];
  }
  throw error;
}
