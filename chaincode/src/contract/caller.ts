import type { Context } from 'fabric-contract-api';
import { RegistryError } from '../model/index.js';

/**
 * Roles in a client's enrolment certificate: who keeps the books of the registry, who issues reports, who records what is
 * found below the calibration level. They part duties within an organisation, whose own CA attests them; what an
 * organisation itself may do is never decided by a role.
 */
export const ROLES = ['registrar', 'issuer', 'recorder'] as const;
export type Role = (typeof ROLES)[number];

const ROLES_ATTRIBUTE = 'tracecal.roles';

/** Who submits: an MSP and the roles its CA has attested. Names in the certificate mean nothing. */
export class Caller {
  readonly mspId: string;
  readonly #roles: readonly string[];

  constructor(identity: Context['clientIdentity']) {
    this.mspId = identity.getMSPID();
    this.#roles = (identity.getAttributeValue(ROLES_ATTRIBUTE) ?? '').split(',').map((role) => role.trim());
  }

  /** @throws RegistryError `NOT_AUTHORISED` */
  requireRole(role: Role): void {
    if (!this.#roles.includes(role)) {
      throw new RegistryError(
        'NOT_AUTHORISED',
        `the caller's certificate does not carry the role "${role}" (attribute ${ROLES_ATTRIBUTE}); ask your organisation's CA for it.`,
      );
    }
  }
}
