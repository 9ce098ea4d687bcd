import { Client, credentials, type ChannelCredentials, type ClientOptions } from '@grpc/grpc-js';
import {
  connect,
  signers,
  type Contract,
  type Gateway,
  type Identity,
  type Network,
  type Signer,
} from '@hyperledger/fabric-gateway';
import { readFileSync } from 'node:fs';
import { loadSigningIdentity, memberTree } from '@tracecal/network/pki';
import type { EngineNetwork } from './engine.js';
import { KV, SHARED } from './scenarioConsortium.js';

const CALL_MS = 30_000;

/** Who an application says it is, and how it signs. */
export interface Credentials {
  readonly identity: Identity;
  readonly signer: Signer;
}

export interface ApplicationOptions {
  /** User of the organisation whose identity is used: `User1` unless given, or `Admin`. */
  readonly user?: string;
  /** Somebody else's identity, or the same one with another signer. */
  readonly credentials?: Credentials;
  /** Connection to use instead of one of its own; closed with the application. */
  readonly client?: Client;
}

/** What an application needs to know of a network: who is in it, and where their peers and keys are. */
export type ApplicationNetwork = Pick<EngineNetwork, 'consortium' | 'organisations' | 'cryptoDir'>;

/** An application of one organisation: the unmodified client library of Fabric, connected to that organisation's peer. */
export class Application {
  readonly client: Client;
  readonly gateway: Gateway;

  constructor(network: ApplicationNetwork, member: string, options: ApplicationOptions = {}) {
    this.client = options.client ?? connectTo(network, member);
    const { identity, signer } = options.credentials ?? credentialsOf(network, member, options.user);
    const deadline = () => ({ deadline: Date.now() + CALL_MS });
    this.gateway = connect({
      client: this.client,
      identity,
      signer,
      evaluateOptions: deadline,
      endorseOptions: deadline,
      submitOptions: deadline,
      commitStatusOptions: deadline,
    });
  }

  network(channel: string = SHARED): Network {
    return this.gateway.getNetwork(channel);
  }

  contract(chaincode: string = KV, channel: string = SHARED): Contract {
    return this.network(channel).getContract(chaincode);
  }

  /** Evaluates on the shared channel. */
  async evaluate(transaction: string, ...args: string[]): Promise<string> {
    return text(await this.contract().evaluateTransaction(transaction, ...args));
  }

  /** Submits to the shared channel and waits for the commit. */
  async submit(transaction: string, ...args: string[]): Promise<string> {
    return text(await this.contract().submitTransaction(transaction, ...args));
  }

  close(): void {
    this.gateway.close();
    this.client.close();
  }
}

/** Does something as an application that is closed afterwards. */
export async function asMember<T>(
  network: ApplicationNetwork,
  member: string,
  act: (application: Application) => Promise<T>,
  options: ApplicationOptions = {},
): Promise<T> {
  const application = new Application(network, member, options);
  try {
    return await act(application);
  } finally {
    application.close();
  }
}

/** A plain gRPC connection to an organisation's peer. */
export function connectTo(network: ApplicationNetwork, member: string, options: ClientOptions = {}): Client {
  return new Client(...connectionArguments(network, member, options));
}

/** What a gRPC client for an organisation's peer is made with. */
export function connectionArguments(
  network: ApplicationNetwork,
  member: string,
  options: ClientOptions = {},
): readonly [string, ChannelCredentials, ClientOptions] {
  const endpoint = network.organisations.find(({ id }) => id === member)!;
  // Every application has a connection of its own: a shared one would hide what closing does.
  const all = {
    'grpc.ssl_target_name_override': endpoint.tlsHostName,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': -1,
    ...options,
  };
  return [endpoint.gatewayEndpoint, credentials.createSsl(readFileSync(endpoint.tlsCaCert)), all];
}

/** The identity and signer of a user in the crypto-config tree. */
export function credentialsOf(network: ApplicationNetwork, member: string, user = 'User1'): Credentials {
  const organisation = network.consortium.organisations.find(({ id }) => id === member)!;
  const { msp } = memberTree(network.cryptoDir, organisation).user(user);
  const { mspId, certificate, privateKey } = loadSigningIdentity(msp, organisation.mspId);
  return {
    identity: { mspId, credentials: Buffer.from(certificate) },
    signer: signers.newPrivateKeySigner(privateKey),
  };
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
