import { RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { openPseudonym } from '@tracecal/core/pseudonym';
import type { OpenedPseudonym } from '@tracecal/core/pseudonym';
import { EvidenceMissing, sourceOf } from '@tracecal/core/trace';
import { readBundle } from './verify/bundle.js';

/** An opening that was checked against the records of a bundle. */
export interface OpenedWithBundle extends OpenedPseudonym {
  /** When the bundle's records were read, by its maker's word: what was said later against the signer is not in it. */
  readonly until: Instant;
}

export interface OpeningTrust {
  /** SHA-256 of the roots that are trusted, hex. */
  readonly roots: readonly string[];
  /** The registry that is meant; absent: any. */
  readonly registry?: string | undefined;
  /** The moment that is asked about. */
  readonly asOf: Instant;
}

/**
 * Checks an opening against the signed records of a bundle in whose trace the pseudonym stands. Asks nobody.
 *
 * @param opening The text of its file.
 * @param bundle The text of the bundle.
 * @throws RegistryError with the first thing that does not hold; `INPUT_INVALID` if the bundle does not hold what that needs
 */
export async function openWithBundle(
  opening: string,
  bundle: string,
  { roots, registry, asOf }: OpeningTrust,
): Promise<OpenedWithBundle> {
  const { evidence, epoch } = readBundle(bundle);
  try {
    const opened = await openPseudonym(opening, sourceOf(evidence), { asOf, roots });
    const { registry: own } = opened.content;
    if (registry !== undefined && own !== registry) {
      throw new RegistryError(
        'WRONG_REGISTRY',
        `the opening is of registry ${own}, and your trust file names ${registry}.`,
      );
    }
    return { ...opened, until: epoch.opened };
  } catch (error) {
    if (!(error instanceof EvidenceMissing)) {
      throw error;
    }
    throw new RegistryError(
      'INPUT_INVALID',
      `the bundle does not hold ${error.of.join(' ')}, which the opening needs: take a bundle in whose trace the pseudonym stands.`,
    );
  }
}
