import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonicalJson,
  disclosureSchema,
  MAX_RESULTS,
  parseAs,
  resultSchema,
  SHA256_HEX,
  shapeOf,
} from '@tracecal/core/model';
import type { Disclosure } from '@tracecal/core/model';
import { readSecretFile, TraceCalError } from '../../client/index.js';
import type { SealedReport } from '../../client/index.js';
import { isMissing, readBounded, whyUnreadable } from '../../files/index.js';
import { z } from 'zod';
import { ApplicationError } from '../errors.js';
import { writePrivate } from '../files/writePrivate.js';

const TYPE = 'tracecal-sealed/1';

/** More than the results of a report with all their salts have. */
export const MOST_KEPT_BYTES = 4_194_304;
const toldShape = z.array(z.unknown());
const LIMITS = { maxLength: MOST_KEPT_BYTES, maxDepth: 16, maxValues: 400_000 };

/** What an issuer keeps of a confidential report. */
export interface KeptReport extends SealedReport {
  /** The key of its encrypted body, 32 bytes in base64url, if it has one: with it the body gets further readers. */
  readonly contentKey?: string;
  /** SHA-256 of the certificate file that it was imported from: nobody else may learn it, because it has no salt. */
  readonly original?: string;
}

const sha256 = z.string().regex(SHA256_HEX);

const shape: z.ZodType<KeptReport & { readonly type: typeof TYPE }> = z.strictObject({
  type: z.literal(TYPE),
  registry: z.string(),
  report: z.string(),
  digest: sha256,
  sealed: z.array(
    z.strictObject({
      quantity: z.string(),
      root: sha256,
      leaves: z
        .array(z.strictObject({ salt: z.string().length(43), result: z.nullable(resultSchema) }))
        .max(MAX_RESULTS),
    }),
  ),
  contentKey: z.string().length(43).exactOptional(),
  original: sha256.exactOptional(),
});

/** Confidential results of a report with their salts, as text. */
export function sealedText({ registry, report, digest, sealed, contentKey, original }: KeptReport): string {
  return canonicalJson({
    ...{ type: TYPE, registry, report, digest, sealed },
    ...(contentKey !== undefined && { contentKey }),
    ...(original !== undefined && { original }),
  });
}

/** @throws RegistryError `INPUT_INVALID`, `JSON_INVALID` */
export function sealedReportIn(text: string): KeptReport {
  return parseAs(shape as never, 'confidential results', text, LIMITS);
}

/**
 * The confidential results of an organisation's own reports, with their salts: whoever loses them can disclose nothing any more. Only the
 * user of this machine can read them.
 */
export class KeptResults {
  readonly #folder: string;

  constructor(contentFolder: string) {
    this.#folder = join(contentFolder, 'confidential');
  }

  /** @throws TraceCalError `FILE_UNWRITABLE` */
  async put(report: KeptReport): Promise<void> {
    await writePrivate(this.pathOf(report.digest), sealedText(report));
  }

  /**
   * @param digest - Of the signed report.
   * @throws ApplicationError `INPUT_INVALID` if they are not here, `FILE_UNREADABLE`; TraceCalError `KEY_EXPOSED` if others can read them
   */
  async get(report: string, digest: string): Promise<KeptReport> {
    const path = this.pathOf(digest);
    const text = await readSecretFile(path, MOST_KEPT_BYTES).catch((error: unknown) => {
      throw refusal(report, path, error);
    });
    return sealedReportIn(text);
  }

  isKept(digest: string): Promise<boolean> {
    return isThere(this.pathOf(digest));
  }

  /** Whether a report was imported here, in confidence, from this certificate file. */
  async isFrom(digest: string, original: string): Promise<boolean> {
    return (await this.isKept(digest)) && (await this.get('', digest)).original === original;
  }

  /** Remembers what one reader was told of a report, so that it gets no less the next time. @throws TraceCalError `FILE_UNWRITABLE` */
  async remember(digest: string, reader: string, told: readonly Disclosure[]): Promise<void> {
    await writePrivate(this.#told(digest, reader), canonicalJson(told));
  }

  /** What {@link remember} was given last. @throws as {@link get} */
  async toldTo(
    { report, digest }: Pick<KeptReport, 'report' | 'digest'>,
    reader: string,
  ): Promise<readonly Disclosure[]> {
    const path = this.#told(digest, reader);
    if (!(await isThere(path))) return [];
    const text = await readSecretFile(path, MOST_KEPT_BYTES).catch((error: unknown) => {
      throw refusal(report, path, error);
    });
    const all: readonly unknown[] = parseAs(toldShape as never, 'list of what a reader was told', text, LIMITS);
    return all.map((each) => shapeOf(disclosureSchema, 'disclosure', each));
  }

  /** Results, salts, and what was remembered of readers. */
  async remove(digest: string): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(`${digest}.`))) {
      await rm(join(this.#folder, name), { force: true });
    }
  }

  #told(digest: string, reader: string): string {
    return join(this.#folder, `${digest}.${encodeURIComponent(reader)}.told.json`);
  }

  /**
   * What is kept here under the name of a report, or the end of its name, also of attempts to issue it that came to nothing. A file that cannot be read is not found: it
   * is named by its digest alone.
   */
  async named(report: string): Promise<readonly KeptReport[]> {
    const files = await readdir(this.#folder).catch((cause: unknown) => {
      if (isMissing(cause)) return [];
      throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(this.#folder, cause), { cause });
    });
    const digests = files.flatMap((file) => /^([0-9a-f]{64})\.json$/.exec(file)?.[1] ?? []).sort();
    const found: KeptReport[] = [];
    for (const digest of digests) {
      const kept = await this.#ifReadable(digest);
      if (kept?.digest === digest && isNamed(kept, report)) found.push(kept);
    }
    return found;
  }

  /** Also where others can read it: it is about to be deleted. */
  async #ifReadable(digest: string): Promise<KeptReport | undefined> {
    try {
      return sealedReportIn((await readBounded(this.pathOf(digest), MOST_KEPT_BYTES)).toString('utf8'));
    } catch {
      return undefined;
    }
  }

  pathOf(digest: string): string {
    return join(this.#folder, `${digest}.json`);
  }
}

/** By its whole id, or by an id without its organisation. */
function isNamed({ report }: SealedReport, given: string): boolean {
  return report === given || (!given.includes('/') && report.endsWith(`/${given}`));
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
  }
}

function refusal(report: string, path: string, cause: unknown): Error {
  if (cause instanceof TraceCalError && cause.code === 'KEY_EXPOSED') {
    return new TraceCalError(
      'KEY_EXPOSED',
      `The confidential results of report ${report} can be read by others: remove the permissions of others (chmod 600 ${path}) and try again. Who has read them nobody can tell.`,
      { cause },
    );
  }
  const why: unknown = cause instanceof Error ? cause.cause : undefined;
  return isMissing(why)
    ? new ApplicationError(
        'INPUT_INVALID',
        `The confidential results of report ${report} are not in this data directory: they are where the report was issued, or were purged.`,
      )
    : new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, why ?? cause), { cause });
}
