import { resolve } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import type { ClientOptions } from '@grpc/grpc-js';
import { connect as connectGateway } from '@hyperledger/fabric-gateway';
import { readClientIdentity } from './clientIdentity.js';
import type { ClientIdentity } from './clientIdentity.js';
import { readConnectionProfile } from './connectionProfile.js';
import type { GatewayEndpoint } from './connectionProfile.js';
import { clientError } from './errors.js';
import { Ledger } from './ledger.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { ClientLimits } from './limits.js';
import { TraceCal } from './tracecal.js';

/** Where to connect, and as whom. */
export interface ConnectOptions {
  /** Connection profile of your organisation: path of the JSON file, or its content. */
  readonly profile: string | object;
  /** Name of a user in the tree that the profile names (`User1`), or folder of a user, or an identity whose key is elsewhere. */
  readonly user?: string | ClientIdentity;
  /** The registry; `calibration` if not given. */
  readonly channel?: string;
  /** `registry` if not given. */
  readonly chaincode?: string;
  readonly limits?: Partial<ClientLimits>;
}

const DEFAULT_USER = 'User1';
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

/**
 * Connects to the gateway of your organisation, on an embedded network and on real Fabric alike. Nothing is sent yet: that the
 * network answers is known with the first call.
 *
 * @example
 * const tracecal = await connect('crypto/peerOrganizations/lab-alpha.example/connection-lab-alpha.json');
 * try {
 *   console.log(await tracecal.traceCal('sensor-17'));
 * } finally {
 *   tracecal.close();
 * }
 *
 * @throws TraceCalError `PROFILE_INVALID`, `IDENTITY_INVALID`, `KEY_EXPOSED` or `KEY_INVALID`
 */
export async function connect(options: string | ConnectOptions): Promise<TraceCal> {
  const wanted: ConnectOptions = typeof options === 'string' ? { profile: options } : options;
  const { profile, user = DEFAULT_USER, channel = 'calibration', chaincode = 'registry', limits } = wanted;
  const endpoint = await readConnectionProfile(profile);
  const { identity, sign } = await identityOf(user, endpoint);
  const client = grpcClient(endpoint);
  const gateway = connectGateway({ client, identity, signer: sign });
  const ledger = new Ledger(gateway, channel, chaincode, { ...DEFAULT_LIMITS, ...limits });
  return new TraceCal(ledger, chaincode, () => {
    gateway.close();
    client.close();
  });
}

function identityOf(user: string | ClientIdentity, { mspId, userPath }: GatewayEndpoint): Promise<ClientIdentity> {
  if (typeof user !== 'string') {
    return Promise.resolve(user);
  }
  if (/[/\\]/.test(user)) {
    return readClientIdentity(resolve(user), mspId);
  }
  if (userPath === undefined) {
    throw clientError(
      'PROFILE_INVALID',
      `It does not say where ${user} is: give the user's folder instead of the name.`,
    );
  }
  return readClientIdentity(userPath.replaceAll('{username}', user), mspId);
}

function grpcClient({ address, tlsRoots, tlsHostName }: GatewayEndpoint): Client {
  const security =
    tlsRoots === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(tlsRoots, 'utf8'));
  const options: ClientOptions = {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    ...(tlsHostName === undefined ? {} : { 'grpc.ssl_target_name_override': tlsHostName }),
  };
  return new Client(address, security, options);
}
