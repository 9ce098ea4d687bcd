import { peer } from '@hyperledger/fabric-protos';
import type { Instant } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { readConfigBlock, readConsenters } from '@tracecal/ledger/block';
import { parseCertificatePem } from '@tracecal/ledger/identity';
import { Config, FabricMspConfig, MspConfig } from '@tracecal/ledger/wire';
import type { ConfigGroup } from '@tracecal/ledger/wire';
import type { ChannelMember, ChannelSeen } from './peers.js';

/**
 * Who is in a channel by its configuration: organisations with their authorities (of identities and of TLS), anchor peers and ordering nodes.
 * Peers that are no anchors are in no configuration.
 *
 * @param block A serialised configuration block that was verified.
 * @param time When the monitor saw it: a configuration has no time of its own.
 * @throws Error of some class if it is no configuration that Fabric accepts
 */
export function channelSeen(block: Uint8Array, time: Instant): ChannelSeen {
  const { channelId, config } = readConfigBlock(block);
  const sections = [...(Config.decode(config).channelGroup?.groups.values() ?? [])];
  const members = new Map<string, { readonly authorities: Set<string>; readonly addresses: Set<string> }>();
  for (const organisation of sections.flatMap(({ groups }) => [...groups.values()])) {
    const { name, authorities } = authoritiesOf(organisation);
    const known = members.get(name) ?? { authorities: new Set(), addresses: new Set() };
    members.set(name, known);
    for (const each of authorities) known.authorities.add(each);
    for (const each of anchorPeersOf(organisation)) known.addresses.add(each);
  }
  for (const { mspId, host, port } of readConsenters(config)) members.get(mspId)?.addresses.add(`${host}:${port}`);
  return {
    channel: channelId,
    time,
    evidence: sha256(block),
    members: [...members].map(([organisation, { authorities, addresses }]): ChannelMember => ({
      organisation,
      authorities: [...authorities].sort(),
      addresses: [...addresses].sort(),
    })),
  };
}

function authoritiesOf({ values }: ConfigGroup): { readonly name: string; readonly authorities: readonly string[] } {
  const { config } = MspConfig.decode(values.get('MSP')?.value ?? new Uint8Array());
  const { name, rootCerts, intermediateCerts, tlsRootCerts, tlsIntermediateCerts } = FabricMspConfig.decode(config);
  const certificates = [...rootCerts, ...intermediateCerts, ...tlsRootCerts, ...tlsIntermediateCerts];
  return { name, authorities: certificates.map((pem) => parseCertificatePem(pem).fingerprint) };
}

function anchorPeersOf({ values }: ConfigGroup): readonly string[] {
  const anchors = peer.AnchorPeers.deserializeBinary(values.get('AnchorPeers')?.value ?? new Uint8Array());
  return anchors.getAnchorPeersList().map((anchor) => `${anchor.getHost()}:${anchor.getPort()}`);
}
