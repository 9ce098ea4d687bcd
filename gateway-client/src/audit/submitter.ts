import { hexText } from '@tracecal/core/platform';
import { sha256 } from '@tracecal/ledger/crypto';
import { firstPemBlock } from '@tracecal/ledger/identity';
import { attempt } from '@tracecal/ledger/validation';
import { SerializedIdentity } from '@tracecal/ledger/wire';
import { shortened } from './content.js';

/** Who sent a transaction. The certificate is named by its digest: its text may name a person. */
export interface Submitter {
  readonly mspId: string;
  /** SHA-256 of the certificate's DER, hex; empty if it cannot be read. */
  readonly certificateSha256: string;
}

/** The creator of a transaction, as its header names it. */
export function submitterIn(creator: Uint8Array): Submitter {
  const identity = attempt(() => SerializedIdentity.decode(creator));
  if (identity === undefined) return { mspId: '', certificateSha256: '' };
  const { mspId, idBytes } = identity;
  // The same that Fabric reads: a sender can put a colleague's certificate beside their own.
  const der = firstPemBlock(idBytes)?.content;
  return { mspId: shortened(mspId), certificateSha256: der && der.length > 0 ? hexText(sha256(der)) : '' };
}
