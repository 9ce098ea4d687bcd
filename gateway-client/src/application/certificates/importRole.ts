import type { DeviceKind } from '@tracecal/core/model';
import type { SealTrust } from '../../dcc/index.js';
import type { GivenParents } from './parents.js';

/** In what role a certificate enters the registry; the file cannot say. */
export interface ImportRole {
  /** Who signs the report, by their whole id; their organisation issues it. */
  readonly technician: string;
  /** Who imprints the device if it is not registered yet. */
  readonly imprinter: string;
  /** Of a device that is not registered yet. */
  readonly owner: string;
  readonly kind: DeviceKind;
  /** Parents that a person names beside the certificate. */
  readonly parents?: GivenParents;
  /** The member that issued the certificate, where its name does not tell. */
  readonly issuer?: string;
  /** Whom whoever imports trusts with the seals of certificates. */
  readonly trust?: SealTrust;
  /** The report that this certificate replaces, by its whole id, where the certificate does not say so. */
  readonly amends?: string;
  /** Certificates of several laboratories may bear one number: the organisation only plays them. */
  readonly playsSeveral?: boolean;
  /** The registered device that the certificate is about, by its whole id, where the certificate does not tell. */
  readonly device?: string;
  /** It is about none that is registered, whatever it looks like. */
  readonly isNewDevice?: true;
  /** Leaves it to the owner to accept the report later. */
  readonly unaccepted?: boolean;
}
