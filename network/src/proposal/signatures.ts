import { AccessError, type Identity, type SignedData } from '@tracecal/ledger/identity';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { concatenate, keyOf, SignatureHeader } from '@tracecal/ledger/wire';
import { signConfigUpdate, type ConfigSigner } from '../channel/index.js';
import { ProposalError } from './errors.js';

/** An administrator's signature of an update that was verified. */
export interface AdminSignature {
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly mspId: string;
  /** Who signed, as a key: one administrator counts once. */
  readonly signer: string;
}

type Bytes = Pick<AdminSignature, 'header' | 'signature'>;

/** What is signed, and by whose rules. */
interface Signable {
  readonly update: Uint8Array;
  readonly access: ChannelAccess;
}

/**
 * Verifies signatures by the rules of the channel.
 * @throws ProposalError `SIGNATURE_INVALID`, `NOT_ADMINISTRATOR`
 */
export function verifiedSignatures(
  { update, access }: Signable,
  given: readonly Bytes[],
  file: string,
): readonly AdminSignature[] {
  return given.map(({ header, signature }) => {
    const signed = signedData(update, { header, signature });
    const { mspId, role } = authenticated(access, signed, file);
    if (role !== 'admin') {
      throw new ProposalError(
        'NOT_ADMINISTRATOR',
        `${file} has a signature of ${mspId} that is not by an administrator: ask its author for the file without it.`,
      );
    }
    return { header, signature, mspId, signer: keyOf(signed.identity) };
  });
}

/** The form in which policies are evaluated over it. */
export function signedData(update: Uint8Array, { header, signature }: Bytes): SignedData {
  return { data: concatenate(header, update), identity: SignatureHeader.decode(header).creator, signature };
}

/** Signs an update. Whether the signer is an administrator of the channel is verified like in a file. @throws ProposalError */
export async function signedBy(
  { update, access }: Signable,
  signer: ConfigSigner,
  file: string,
): Promise<AdminSignature> {
  const made = await signConfigUpdate(update, signer);
  const bytes = { header: made.getSignatureHeader_asU8(), signature: made.getSignature_asU8() };
  const [signature] = verifiedSignatures({ update, access }, [bytes], file);
  if (signature === undefined) throw new Error('A signature was lost.');
  return signature;
}

function authenticated(access: ChannelAccess, signed: SignedData, file: string): Identity {
  try {
    // As orderers do: whether a certificate has ended meanwhile does not count.
    return access.authenticate(signed, { timeless: true });
  } catch (cause) {
    if (!(cause instanceof AccessError)) throw cause;
    throw new ProposalError(
      'SIGNATURE_INVALID',
      `${file} has a signature that does not hold (${cause.message.replace(/\.$/, '')}): ask its author for the file again.`,
      { cause },
    );
  }
}
