import { RegistryError } from '@tracecal/core/model';
import type { Context } from 'fabric-contract-api';

/**
 * A role in a client's enrolment certificate: `recorder` records what is found below the calibration level. The registry asks for
 * none, because signatures decide there. An organisation's own CA attests roles, so they never decide what it may do itself.
 */
export type Role = 'recorder';

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
