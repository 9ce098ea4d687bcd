import { base64Bytes, hexText, utf8Text } from '@tracecal/core/platform';
import { sha256 } from '@tracecal/ledger/crypto';
import { attempt } from '@tracecal/ledger/validation';
import { SerializedIdentity } from '@tracecal/ledger/wire';

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
  const [, base64 = ''] = /-----BEGIN [A-Z ]+-----([^-]+)-----END/.exec(utf8Text(idBytes) ?? '') ?? [];
  const der = base64Bytes(base64.replaceAll(/\s/g, ''));
  return { mspId, certificateSha256: der && der.length > 0 ? hexText(sha256(der)) : '' };
}
