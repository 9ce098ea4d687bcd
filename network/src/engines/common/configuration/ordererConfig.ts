import { join } from 'node:path';
import { hostOf, ordererTree } from '../../../pki/index.js';
import type { OrdererNode } from '../../../topology/index.js';
import type { Placement } from '../places/placement.js';
import type { NodeEnvironment } from '../places/nodeEnvironment.js';
import { fillTemplate } from './template.js';

/** The `orderer.yaml` of one orderer. */
export function ordererConfig(
  { layout, listenOn, adminOn, listenPortOf, operations }: NodeEnvironment,
  placement: Placement,
  orderer: OrdererNode,
): Promise<string> {
  const tree = ordererTree(layout.cryptoDir, orderer);
  const own = tree.node(orderer.name);
  const data = layout.ordererDir(orderer);
  const certificate = join(own.tls, 'server.crt');
  const key = join(own.tls, 'server.key');
  const { address, isPrivate } = operations(placement.operations.get(hostOf(orderer, orderer)));
  return fillTemplate('orderer.yaml', {
    General: {
      ListenAddress: listenOn(orderer),
      ListenPort: listenPortOf(orderer),
      TLS: {
        PrivateKey: key,
        Certificate: certificate,
        RootCAs: [tree.tlsCaCertificate],
        ClientRootCAs: placement.consortium.orderers.map(
          (other) => ordererTree(layout.cryptoDir, other).tlsCaCertificate,
        ),
      },
      Cluster: { ClientCertificate: certificate, ClientPrivateKey: key },
      LocalMSPDir: own.msp,
      LocalMSPID: orderer.mspId,
    },
    FileLedger: { Location: join(data, 'ledger') },
    Consensus: { WALDir: join(data, 'wal'), SnapDir: join(data, 'snapshots') },
    Operations: {
      ListenAddress: address,
      TLS: {
        Enabled: !isPrivate,
        PrivateKey: key,
        Certificate: certificate,
        ClientRootCAs: [tree.tlsCaCertificate],
      },
    },
    Admin: {
      ListenAddress: `${adminOn}:${orderer.adminPort}`,
      TLS: {
        PrivateKey: key,
        Certificate: certificate,
        RootCAs: [tree.tlsCaCertificate],
        ClientRootCAs: [tree.tlsCaCertificate],
      },
    },
  });
}
