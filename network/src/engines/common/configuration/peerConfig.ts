import { join } from 'node:path';
import { hostOf, memberTree } from '../../../pki/index.js';
import { LOOPBACK } from '../../../system/ports.js';
import type { MemberOrganisation, PeerNode } from '../../../topology/index.js';
import type { Placement } from '../places/placement.js';
import type { NodeEnvironment } from '../places/nodeEnvironment.js';
import { fillTemplate } from './template.js';

/** The `core.yaml` of one peer. */
export function peerConfig(
  { layout, listenOn, hostOf: reachedAt, operations }: NodeEnvironment,
  placement: Placement,
  organisation: MemberOrganisation,
  peer: PeerNode,
): Promise<string> {
  const name = hostOf(peer, organisation);
  const crypto = memberTree(layout.cryptoDir, organisation).node(peer.name);
  const data = layout.peerDir(organisation, peer);
  const { domain } = organisation;
  const addressOf = (one: PeerNode): string => `${reachedAt({ ...one, domain })}:${one.port}`;
  const address = addressOf(peer);
  const others = organisation.peers.filter((other) => other !== peer);
  const { address: operationsAddress, isPrivate } = operations(placement.operations.get(name));
  return fillTemplate('core.yaml', {
    peer: {
      id: name,
      address,
      listenAddress: `${listenOn(peer)}:${peer.port}`,
      // Nobody connects here (chaincode is a service that the peer calls), but the peer opens this port anyway: any will do.
      chaincodeListenAddress: `${LOOPBACK}:0`,
      localMspId: organisation.mspId,
      mspConfigPath: crypto.msp,
      fileSystemPath: join(data, 'production'),
      gossip: {
        bootstrap: (others.length > 0 ? others : [peer]).map(addressOf),
        endpoint: address,
        externalEndpoint: address,
      },
      tls: {
        cert: { file: join(crypto.tls, 'server.crt') },
        key: { file: join(crypto.tls, 'server.key') },
        rootcert: { file: join(crypto.tls, 'ca.crt') },
      },
    },
    chaincode: {
      externalBuilders: [{ name: 'ccaas_builder', path: layout.builderDir }],
    },
    ledger: { snapshots: { rootDir: layout.peerSnapshots(name) } },
    operations: {
      listenAddress: operationsAddress,
      tls: {
        enabled: !isPrivate,
        cert: { file: join(crypto.tls, 'server.crt') },
        key: { file: join(crypto.tls, 'server.key') },
        clientRootCAs: { files: [join(crypto.tls, 'ca.crt')] },
      },
    },
  });
}
