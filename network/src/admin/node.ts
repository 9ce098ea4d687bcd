import { credentials, status, type Client, type ChannelCredentials, type ServiceError } from '@grpc/grpc-js';
import { discovery, gateway, orderer, peer } from '@hyperledger/fabric-protos';
import { createHash, X509Certificate } from 'node:crypto';
import type { TlsMaterial } from '../pki/index.js';
import { AdminError, type AdminErrorCode } from './errors.js';

/** Where a peer or an orderer listens, and how to authenticate it. */
export interface NodeAddress {
  /** Its full name, which must be in its TLS certificate: `peer0.lab-alpha.example`. */
  readonly name: string;
  /** `127.0.0.1:7051`. */
  readonly address: string;
  /** The TLS certificate authorities to trust for it, PEM. */
  readonly tlsCa: string;
  /** Needed where the node binds requests to the TLS session (discovery) or demands client certificates. */
  readonly clientTls?: Pick<TlsMaterial, 'certificate' | 'privateKey'>;
}

/** Fabric's own default size limit; a config block or a package is larger than gRPC's 4 MB. */
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

const CODES: Readonly<Partial<Record<status, AdminErrorCode>>> = {
  [status.UNAVAILABLE]: 'UNREACHABLE',
  [status.DEADLINE_EXCEEDED]: 'TIMEOUT',
};

const OPTIONS = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  // A starting node refuses connections at first; the default back-off of grpc grows to minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
} as const;

type ClientConstructor<T> = new (address: string, credentials: ChannelCredentials, options: object) => T;

/** A connection to one node, opened at the first call and shared by its service clients. Close it when done. */
export class NodeConnection {
  readonly name: string;
  readonly address: string;
  /** SHA-256 of the client's TLS certificate (DER); empty without one. */
  readonly tlsCertificateHash: Uint8Array;
  readonly #credentials: ChannelCredentials;
  readonly #clients = new Map<unknown, Client>();

  constructor(node: NodeAddress) {
    this.name = node.name;
    this.address = node.address;
    this.#credentials = credentials.createSsl(
      Buffer.from(node.tlsCa),
      node.clientTls === undefined ? null : Buffer.from(node.clientTls.privateKey),
      node.clientTls === undefined ? null : Buffer.from(node.clientTls.certificate),
    );
    this.tlsCertificateHash =
      node.clientTls === undefined
        ? new Uint8Array()
        : createHash('sha256').update(new X509Certificate(node.clientTls.certificate).raw).digest();
  }

  get endorser(): peer.EndorserClient {
    return this.#client(peer.EndorserClient);
  }

  get deliver(): peer.DeliverClient {
    return this.#client(peer.DeliverClient);
  }

  get broadcast(): orderer.AtomicBroadcastClient {
    return this.#client(orderer.AtomicBroadcastClient);
  }

  get discovery(): discovery.DiscoveryClient {
    return this.#client(discovery.DiscoveryClient);
  }

  get gateway(): gateway.GatewayClient {
    return this.#client(gateway.GatewayClient);
  }

  get snapshots(): peer.SnapshotClient {
    return this.#client(peer.SnapshotClient);
  }

  /**
   * Resolves when a TLS connection is open.
   * @throws AdminError `UNREACHABLE` after `timeoutMs`.
   */
  ready(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.endorser.waitForReady(Date.now() + timeoutMs, (error) => {
        if (error === undefined) resolve();
        else
          reject(new AdminError('UNREACHABLE', `no TLS connection to ${this.address} in ${timeoutMs} ms`, this.name));
      });
    });
  }

  /** Converts the error of a failed call on this connection. */
  failure(error: ServiceError): AdminError {
    return new AdminError(CODES[error.code] ?? 'REFUSED', error.details, this.name, { cause: error });
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client<T extends Client>(Constructor: ClientConstructor<T>): T {
    const known = this.#clients.get(Constructor);
    if (known !== undefined) return known as T;
    const client = new Constructor(this.address, this.#credentials, {
      ...OPTIONS,
      'grpc.ssl_target_name_override': this.name,
    });
    this.#clients.set(Constructor, client);
    return client;
  }
}
