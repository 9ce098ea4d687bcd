import { X509Certificate } from 'node:crypto';
import { canonicalJson } from '@tracecal/core/model';
import { hexBytes, hexText, sha256 } from '@tracecal/core/platform';
import { blockHeaderHash, genesisBlockOf, materialIn, releasedConfig, type ChannelMaterial } from '../channel/index.js';
import type { Channel, Consortium } from '../topology/index.js';
import { descriptionDigest } from './description.js';
import { MemberError } from './errors.js';
import type { FoundingBlock } from './founding.js';

const NONCE_BYTES = 24;

/**
 * The first block of a channel that a changed description adds. It depends on nothing but the description, the policies that come with this
 * release, and the certificates of the channel's members and of all orderers: every member gets the same bytes, and compares them.
 *
 * @throws MemberError `CERTIFICATE_REFUSED` while one of them replaces a CA; ChannelError
 */
export function newChannelBlock(consortium: Consortium, channel: Channel, material: ChannelMaterial): FoundingBlock {
  const config = releasedConfig(consortium, channel, material);
  const present = materialIn(config);
  for (const { mspId, rootCerts, tlsRootCerts } of present.msps.values()) {
    if (rootCerts.length === 1 && tlsRootCerts.length === 1) continue;
    throw new MemberError(
      'CERTIFICATE_REFUSED',
      `${mspId} has not exactly one CA and one TLS CA: while it replaces them, no channel with it can begin, so take the description afterwards.`,
    );
  }
  const input = {
    type: 'tracecal-channel/1',
    channel: channel.name,
    description: descriptionDigest(consortium),
    config: sha256(config.serializeBinary()),
  };
  const nonce = hexBytes(sha256(canonicalJson(input)))?.subarray(0, NONCE_BYTES);
  const block = genesisBlockOf(channel.name, config, { ...(nonce && { nonce }), timestamp: newestIn(present) });
  const header = block.getHeader();
  if (header === undefined) throw new Error('A genesis block has no header.');
  return { channel: channel.name, block: block.serializeBinary(), digest: hexText(blockHeaderHash(header)) };
}

/** When the newest certificate became valid: all members read the same time from them. */
function newestIn({ msps, consenters }: ChannelMaterial): Date {
  const certificates = [
    ...[...msps.values()].flatMap(({ rootCerts, tlsRootCerts }) => [...rootCerts, ...tlsRootCerts]),
    ...[...consenters.values()].flatMap(({ identity, clientTls, serverTls }) => [identity, clientTls, serverTls]),
  ];
  return new Date(Math.max(...certificates.map((pem) => Date.parse(new X509Certificate(pem).validFrom))));
}
