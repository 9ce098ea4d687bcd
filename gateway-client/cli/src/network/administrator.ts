import { readFileSync } from 'node:fs';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { NodeConnection, Signer } from '@tracecal/network/admin';
import type { NetworkStatus } from '@tracecal/network/control';
import { hostOf, loadSigningIdentity, loadTls, memberTree } from '@tracecal/network/pki';
import type { Consortium } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';

/** An organisation's administrator, connected to its peer. */
export class Administrator {
  private constructor(
    readonly connection: NodeConnection,
    readonly signer: Signer,
  ) {}

  /** @throws ApplicationError `ORGANISATION_UNKNOWN`; PkiError when their keys are not in the data directory */
  static of(data: DataDirectory, consortium: Consortium, running: NetworkStatus, id: string): Administrator {
    const organisation = consortium.organisations.find((candidate) => candidate.id === id);
    const endpoint = running.organisations.find((candidate) => candidate.id === id);
    const [peer] = organisation?.peers ?? [];
    if (!organisation || !endpoint || !peer) {
      throw new ApplicationError('ORGANISATION_UNKNOWN', `No organisation "${id}" runs a peer in this network.`);
    }
    const tree = memberTree(data.crypto, organisation);
    const { msp, tls } = tree.user('Admin');
    const connection = new NodeConnection({
      name: hostOf(peer, organisation),
      address: endpoint.gatewayEndpoint,
      tlsCa: readFileSync(tree.tlsCaCertificate, 'utf8'),
      clientTls: loadTls(tls),
    });
    return new Administrator(connection, new Signer(loadSigningIdentity(msp, organisation.mspId)));
  }

  close(): void {
    this.connection.close();
  }
}
