import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, MAX_RESULTS, parseAs, resultSchema, SHA256_HEX } from '@tracecal/core/model';
import type { SealedReport } from '../../client/index.js';
import { isMissing, readBounded, whyUnreadable } from '../../files/index.js';
import { z } from 'zod';
import { ApplicationError } from '../errors.js';
import { writePrivate } from '../files/writePrivate.js';

const TYPE = 'tracecal-sealed/1';

/** More than the results of a report with all their salts have. */
export const MOST_KEPT_BYTES = 4_194_304;
const LIMITS = { maxLength: MOST_KEPT_BYTES, maxDepth: 16, maxValues: 400_000 };

const sha256 = z.string().regex(SHA256_HEX);

const shape: z.ZodType<SealedReport & { readonly type: typeof TYPE }> = z.strictObject({
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
});

/** Confidential results of a report with their salts, as text. */
export function sealedText({ registry, report, digest, sealed }: SealedReport): string {
  return canonicalJson({ type: TYPE, registry, report, digest, sealed });
}

/** @throws RegistryError `INPUT_INVALID`, `JSON_INVALID` */
export function sealedReportIn(text: string): SealedReport {
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
  async put(report: SealedReport): Promise<void> {
    await writePrivate(this.pathOf(report.digest), sealedText(report));
  }

  /**
   * @param digest - Of the signed report.
   * @throws ApplicationError `INPUT_INVALID` if they are not here, `FILE_UNREADABLE`
   */
  async get(report: string, digest: string): Promise<SealedReport> {
    const path = this.pathOf(digest);
    const bytes = await readBounded(path, MOST_KEPT_BYTES).catch((cause: unknown) => {
      throw isMissing(cause)
        ? new ApplicationError(
            'INPUT_INVALID',
            `The confidential results of report ${report} are not in this data directory: they are where the report was issued, or were purged.`,
          )
        : new ApplicationError('FILE_UNREADABLE', whyUnreadable(path, cause), { cause });
    });
    return sealedReportIn(bytes.toString('utf8'));
  }

  async remove(digest: string): Promise<void> {
    await rm(this.pathOf(digest), { force: true });
  }

  pathOf(digest: string): string {
    return join(this.#folder, `${digest}.json`);
  }
}
