/** What a member's chaincode service is started with. */
export interface Configuration {
  /** SHA-256 of the founding statement that this member agreed to, hex; null if it was started without. */
  readonly founding: string | null;
}

const VARIABLE = 'TRACECAL_FOUNDING';

/** Every endorser decides by itself which registry it serves: no ledger can tell it. */
export function configurationFromEnvironment(): Configuration {
  return { founding: process.env[VARIABLE] ?? null };
}
