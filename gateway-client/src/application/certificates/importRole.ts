import type { DeviceKind } from '@tracecal/core/model';
import type { SealTrust } from '../../dcc/index.js';
import type { Readership } from '../operations/bodies.js';
import type { GivenParents } from './parents.js';

/** The roles of a certificate in the registry, which the file does not state. */
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
  /** Certificates that the importing user trusts for seals. */
  readonly trust?: SealTrust;
  /** The report that this certificate replaces, by its whole id, if the certificate does not name it. */
  readonly amends?: string;
  /** The organisation plays several laboratories, so certificates may share a number. */
  readonly playsSeveral?: boolean;
  /** The registered device that the certificate is about, by its whole id, where the certificate does not tell. */
  readonly device?: string;
  /** The device is new, even if a registered one looks like it. */
  readonly isNewDevice?: true;
  /** Kinds of quantity whose results are confidential; true: all; absent: none. */
  readonly confidential?: readonly string[] | true;
  /** An amendment may put on the ledger what the report that it replaces keeps confidential. */
  readonly isPublic?: true;
  /** To whom they are encrypted. */
  readonly readership?: Readership;
  /** Leaves it to the owner to accept the report later. */
  readonly unaccepted?: boolean;
}
