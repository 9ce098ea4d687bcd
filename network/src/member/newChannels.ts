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
 * @throws ChannelError
 */
export function newChannelBlock(consortium: Consortium, channel: Channel, material: ChannelMaterial): FoundingBlock {
  const config = releasedConfig(consortium, channel, material);
  const input = {
    type: 'tracecal-channel/1',
    channel: channel.name,
    description: descriptionDigest(consortium),
    config: sha256(config.serializeBinary()),
  };
  const nonce = hexBytes(sha256(canonicalJson(input)))?.subarray(0, NONCE_BYTES);
  const block = genesisBlockOf(channel.name, config, {
    ...(nonce && { nonce }),
    timestamp: newestIn(materialIn(config)),
  });
  const header = block.getHeader();
  if (header === undefined) throw new Error('A genesis block has no header.');
  return { channel: channel.name, block: block.serializeBinary(), digest: hexText(blockHeaderHash(header)) };
}

/**
 * Requires that nobody with a part in a channel replaces a CA: others might have both, or one of them.
 * @throws MemberError `CERTIFICATE_REFUSED`; ChannelError
 */
export function requireOneAuthority(consortium: Consortium, channel: Channel, material: ChannelMaterial): void {
  const { msps } = materialIn(releasedConfig(consortium, channel, material));
  const replacing = [...msps.values()].find(
    ({ rootCerts, tlsRootCerts }) => rootCerts.length !== 1 || tlsRootCerts.length !== 1,
  );
  if (replacing === undefined) return;
  throw new MemberError(
    'CERTIFICATE_REFUSED',
    `${replacing.mspId} has not exactly one CA and one TLS CA: while it replaces them, no channel with it can begin, so take the description afterwards.`,
  );
}

/** When the newest certificate became valid: all members read the same time from them. */
function newestIn({ msps, consenters }: ChannelMaterial): Date {
  const certificates = [
    ...[...msps.values()].flatMap(({ rootCerts, tlsRootCerts }) => [...rootCerts, ...tlsRootCerts]),
    ...[...consenters.values()].flatMap(({ identity, clientTls, serverTls }) => [identity, clientTls, serverTls]),
  ];
  return new Date(Math.max(...certificates.map((pem) => Date.parse(new X509Certificate(pem).validFrom))));
}
