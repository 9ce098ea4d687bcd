/** Start options of a member's chaincode service. */
export interface Configuration {
  /** SHA-256, in hex, of the founding statement that this member agreed to; null if the service was started without it. */
  readonly founding: string | null;
}

const VARIABLE = 'TRACECAL_FOUNDING';

/** Every endorser decides for itself which registry it serves. This cannot come from the ledger. */
export function configurationFromEnvironment(): Configuration {
  return { founding: process.env[VARIABLE] ?? null };
}
