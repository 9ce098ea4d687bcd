import { Caller as LevelCaller } from '../contract/index.js';
import { RegistryError } from '../model/index.js';
import type { Instant, OrganisationFile, Statement } from '../model/index.js';
import { impediment, impedimentOf, Opener } from '../trace/index.js';
import type { StateReader } from './state.js';

/** Who submits to the registry, and for which organisations. */
export class Caller extends LevelCaller {
  /**
   * The organisation as which the caller acts for the first of these: it itself or one above it, for a laboratory may
   * sponsor a sensor maker that cannot write at this level. What is signed still needs the sensor maker's own keys.
   *
   * @param chain The organisation and those above it, from {@link certificationChain}.
   * @throws RegistryError `NOT_AUTHORISED`, or `STANDING_INVALID` if it or one above it is revoked or suspended.
   */
  actsFor(chain: readonly OrganisationFile[], now: Instant): OrganisationFile {
    return this.actsForOneOf([chain], now);
  }

  /** {@link actsFor} where several organisations have a say, each for itself. */
  actsForOneOf(chains: readonly (readonly OrganisationFile[])[], now: Instant): OrganisationFile {
    for (const chain of chains) {
      const acting = chain.findLastIndex(({ organisation }) => organisation.mspId === this.mspId);
      const file = chain[acting];
      if (file) {
        for (const { organisation, statements } of chain.slice(acting)) {
          requireStanding(`organisation ${organisation.id}`, statements, now);
        }
        return file;
      }
    }
    const ids = chains.map((chain) => chain[0]?.organisation.id ?? '').join(' or ');
    throw new RegistryError(
      'NOT_AUTHORISED',
      `a caller of ${this.mspId} may not act for organisation ${ids}; it or an organisation that certifies it must.`,
    );
  }
}

/** An organisation and those that certify it, one above the other. @throws RegistryError `NOT_FOUND` */
export async function certificationChain(state: StateReader, id: string): Promise<readonly OrganisationFile[]> {
  const { organisations, missing } = await new Opener(state).certification(id);
  if (missing !== null) {
    throw new RegistryError('NOT_FOUND', `no organisation ${missing} is registered here.`);
  }
  return organisations;
}

/** @throws RegistryError `STANDING_INVALID` if the subject is revoked or suspended. */
export function requireStanding(subject: string, statements: readonly Statement[], now: Instant): void {
  const found = impediment(statements, now, now);
  if (found) {
    throw new RegistryError('STANDING_INVALID', impedimentOf(subject, found));
  }
}
