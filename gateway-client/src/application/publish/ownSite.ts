import { existsSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, whyUnreadable } from '../../files/index.js';
import { parseTrust, readBundle } from '../../proof/verify/index.js';
import { ApplicationError } from '../errors.js';
import { isVerifyingPage } from './verifyingPage.js';

/** What a site holds beside its bundles. */
export const SITE = { page: 'index.html', trust: 'trust.json', log: 'log' } as const;

/**
 * Checks that nothing of somebody else is replaced in a folder, and nothing outside it.
 *
 * @param trust - The text of the trust file that is to be offered.
 * @throws ApplicationError `INPUT_INVALID` if the folder has a page or a trust file of somebody else
 */
export async function requireOwnSite(folder: string, trust: string | undefined): Promise<void> {
  const page = join(folder, SITE.page);
  await requireNoLinks(folder, SITE.page);
  await requireNoLinks(folder, SITE.trust);
  const isSite = existsSync(page);
  if (isSite && !isVerifyingPage(await readFile(page, 'utf8').catch(() => ''))) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${page} is not a page of this program, and would be replaced: name another folder.`,
    );
  }
  await requireOwnTrust(join(folder, SITE.trust), { isSite, trust });
}

/** A folder without the page has nothing that the page offers: a trust file in it is there for another use. */
async function requireOwnTrust(
  path: string,
  { isSite, trust }: { readonly isSite: boolean; readonly trust: string | undefined },
): Promise<void> {
  if (!existsSync(path)) return;
  const held = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
  });
  if (held === trust) return;
  if (!isSite) {
    const what = trust === undefined ? 'the page would offer it to its readers' : 'it would be replaced';
    throw new ApplicationError(
      'INPUT_INVALID',
      `${path} was not published by this program, and ${what}: move it, or name another folder.`,
    );
  }
  if (!isReadable(() => parseTrust(held))) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${path} is not a trust file of this site: move it, or name another folder.`,
    );
  }
}

/** The newest bundle of a device replaces an older one, and nothing else. @throws ApplicationError `INPUT_INVALID` */
export async function requireOwnLatest(path: string, device: string): Promise<void> {
  if (!existsSync(path)) return;
  const held = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
  });
  if (!isReadable(() => readBundle(held).device === device)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${path} is not a bundle about ${device}, and would be replaced: move it, or name another folder.`,
    );
  }
}

/**
 * A symbolic link in a site leads elsewhere: what is written there is not this site's. The folder itself may be one.
 *
 * @param file - Its place in the folder, with `/`.
 * @throws ApplicationError `INPUT_INVALID`
 */
export async function requireNoLinks(folder: string, file: string): Promise<void> {
  const parts = file.split('/');
  for (let count = 1; count <= parts.length; count += 1) {
    const path = join(folder, ...parts.slice(0, count));
    if (await isLink(path)) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `${path} is a symbolic link, and a site is written only in its own folder: remove the link, or name another folder.`,
      );
    }
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
  }
}

function isReadable(read: () => unknown): boolean {
  try {
    return read() !== false;
  } catch {
    return false;
  }
}
