import { RegistryError } from '@tracecal/core/model';
import type { Context } from 'fabric-contract-api';

/**
 * A role in a client's enrolment certificate. A caller with the role `recorder` may record below the calibration level. The
 * registry requires no role: there, signatures decide. An organisation's own CA attests roles, so a role never decides what
 * that organisation may do.
 */
export type Role = 'recorder';

const ROLES_ATTRIBUTE = 'tracecal.roles';

/** The submitter: an MSP and the roles that its CA has attested. Names in the certificate have no meaning here. */
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
