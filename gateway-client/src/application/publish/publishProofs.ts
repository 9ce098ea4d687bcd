import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { refusalText, RegistryError } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { atomicWrite } from '../../client/atomicWrite.js';
import { latestFile } from '../../proof/latestFile.js';
import { epochFile, HEAD_FILE, parseTrust, readBundle, trustFingerprint } from '../../proof/verify/index.js';
import { ApplicationError } from '../errors.js';
import type { Exported } from '../log/index.js';
import { requireNoLinks, requireOwnLatest, requireOwnSite, SITE } from './ownSite.js';

/** What is to be published in a folder. */
export interface Publication {
  /** The texts of the bundles. */
  readonly bundles: readonly string[];
  /** The text of the page that checks them. */
  readonly page: string;
  /** The text of a trust file that the page offers. Nobody has to take it. */
  readonly trust?: string | undefined;
  /** Whether each bundle is also found by its device's id, in place of an older one: for gates that refresh. */
  readonly isLatest?: boolean | undefined;
  /** Continues the change log of one folder, and writes what is new into another one. */
  readonly log?: ((folder: string, into: string) => Promise<Exported>) | undefined;
}

/** A bundle on a site. */
export interface PublishedBundle {
  readonly device: string;
  /** SHA-256 of its text, hex: its name. */
  readonly bundle: string;
  /** Its place in the folder. */
  readonly file: string;
  /** What follows the address of the page in a link to it. */
  readonly fragment: string;
  /** Whether it was not there before. */
  readonly isNew: boolean;
}

/** What a folder has after it was published. */
export interface Published {
  readonly folder: string;
  /** SHA-256 of the page, hex: the same for everybody who publishes with this version. */
  readonly page: string;
  readonly bundles: readonly PublishedBundle[];
  readonly log: Exported | null;
  /** The fingerprint of the trust file that the page offers. */
  readonly trust: string | null;
}

const { page: PAGE, trust: TRUST, log: LOG } = SITE;

/**
 * Publishes bundles as static files under their digests, with the page that checks them. What the folder has already stays; all
 * that is new is there at the end, or nothing of it. Nothing of somebody else is replaced, and no symbolic link is followed.
 *
 * @throws RegistryError for a bundle that cannot be read; ApplicationError `INPUT_INVALID` if the folder holds something else or a symbolic
 * link, or `FILE_UNWRITABLE`
 */
export async function publishProofs(
  folder: string,
  { bundles: texts, page, trust, log, isLatest = false }: Publication,
): Promise<Published> {
  const fingerprint = trust === undefined ? null : trustFingerprint(readTrust(trust));
  const bundles = new Map(texts.map((text) => [sha256(text), { text, device: readBundle(text).device }]));
  await requireOwnSite(folder, trust);
  const known = new Set<string>();
  for (const digest of bundles.keys()) {
    if (await holds(folder, digest)) known.add(digest);
  }
  const fresh = [...bundles].filter(([digest]) => !known.has(digest));
  const latest = isLatest ? [...bundles.values()].map(({ device, text }) => [latestFile(device), text] as const) : [];
  for (const { device } of isLatest ? bundles.values() : []) {
    await requireNoLinks(folder, latestFile(device));
    await requireOwnLatest(join(folder, latestFile(device)), device);
  }
  await requireNoLinks(folder, `${LOG}/${HEAD_FILE}`);
  const exported = await whole(folder, async (stage) => {
    await write(stage, [
      ...latest,
      ...fresh.map(([digest, { text }]) => [bundleFile(digest), text] as const),
      ...(trust === undefined ? [] : [[TRUST, trust] as const]),
      [PAGE, page],
    ]);
    const done = (await log?.(join(folder, LOG), join(stage, LOG))) ?? null;
    return {
      done,
      files: [
        ...fresh.map(([digest]) => bundleFile(digest)),
        ...logFiles(done),
        ...latest.map(([file]) => file),
        TRUST,
        PAGE,
      ],
    };
  });
  return {
    folder,
    page: sha256(page),
    bundles: [...bundles].map(([bundle, { device }]) => ({
      device,
      bundle,
      file: bundleFile(bundle),
      fragment: `#${bundle}`,
      isNew: !known.has(bundle),
    })),
    log: exported && { ...exported, folder: join(folder, LOG) },
    trust: fingerprint,
  };
}

function bundleFile(digest: string): string {
  return `bundles/${digest}.json`;
}

/** The head comes last: it must not name an epoch whose file is not there yet. */
function logFiles(exported: Exported | null): readonly string[] {
  if (!exported) return [];
  const { epoch, written } = exported;
  const epochs = Array.from({ length: written }, (_, place) => epochFile(epoch - written + 1 + place));
  return [...epochs, HEAD_FILE].map((file) => `${LOG}/${file}`);
}

function readTrust(text: string): ReturnType<typeof parseTrust> {
  try {
    return parseTrust(text);
  } catch (cause) {
    const why =
      cause instanceof RegistryError ? refusalText(cause) : cause instanceof Error ? cause.message : String(cause);
    throw new ApplicationError('INPUT_INVALID', `The trust file cannot be offered: ${why}`, { cause });
  }
}

/** Whether a folder has a bundle already. @throws ApplicationError `INPUT_INVALID` if another file has its name */
async function holds(folder: string, digest: string): Promise<boolean> {
  const path = join(folder, bundleFile(digest));
  await requireNoLinks(folder, bundleFile(digest));
  if (!existsSync(path)) return false;
  if (sha256(await readFile(path)) !== digest) {
    throw new ApplicationError('INPUT_INVALID', `${path} is not what its name says: remove it and publish again.`);
  }
  return true;
}

/**
 * Has files made beside a folder, then moves them into it; a new folder appears at once. If something fails, the folder is as before.
 *
 * @param make - Writes into the folder that it is given, and names the files in the order in which they become public.
 */
async function whole<T>(
  folder: string,
  make: (stage: string) => Promise<{ readonly done: T; readonly files: readonly string[] }>,
): Promise<T> {
  const isNew = !existsSync(folder);
  const suffix = `${randomBytes(6).toString('hex')}.tmp`;
  // Moving needs the same file system, and a folder may be the root of one.
  const stage = isNew ? `${resolve(folder)}.${suffix}` : join(folder, `.${suffix}`);
  try {
    await writable(folder, () => mkdir(stage, { recursive: true }));
    const { done, files } = await make(stage);
    const staged = files.filter((file) => existsSync(join(stage, file)));
    for (const file of staged) {
      await requireNoLinks(folder, file);
    }
    await writable(folder, () => (isNew ? rename(stage, folder) : move(stage, folder, staged)));
    return done;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function write(folder: string, files: readonly (readonly [file: string, text: string])[]): Promise<void> {
  for (const [file, text] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await atomicWrite(join(folder, file), text);
  }
}

async function move(stage: string, folder: string, files: readonly string[]): Promise<void> {
  const moved: { readonly path: string; readonly before: Buffer | undefined }[] = [];
  try {
    for (const file of files) {
      const path = join(folder, file);
      const before = existsSync(path) ? await readFile(path) : undefined;
      await mkdir(dirname(path), { recursive: true });
      await rename(join(stage, file), path);
      moved.push({ path, before });
    }
  } catch (error) {
    for (const { path, before } of moved) {
      await (before ? atomicWrite(path, before) : rm(path, { force: true }));
    }
    throw error;
  }
}

async function writable<T>(folder: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    throw new ApplicationError(
      'FILE_UNWRITABLE',
      `${folder} cannot be written, and is as it was before: check the folder and its permissions.`,
      { cause },
    );
  }
}
