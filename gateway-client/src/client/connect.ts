import { connect as connectGateway, hash } from '@hyperledger/fabric-gateway';
import { connectShape, requireOptions, siteShape } from './arguments.js';
import { readUser } from './clientIdentity.js';
import type { ClientIdentity } from './clientIdentity.js';
import { readConnectionProfile } from './connectionProfile.js';
import { GatewayConnection } from './gatewayConnection.js';
import { Ledger } from './ledger.js';
import type { Place } from './ledger.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { ClientLimits } from './limits.js';
import { Measurement } from './measurement.js';
import { Monitoring } from './monitoring.js';
import { checkedTimeout } from './timeBudget.js';
import type { TimeBudget } from './timeBudget.js';
import { guardedSign } from './signing.js';
import { TraceCal } from './tracecal.js';

/** Connection options. */
export interface ConnectOptions {
  /** Connection profile of your organisation: path of the JSON file, or its content. */
  readonly profile: string | object;
  /** Name of a user in the tree that the profile names (`User1`), or folder of a user, or an identity with its key elsewhere. */
  readonly user?: string | ClientIdentity;
  /** The registry; `calibration` if not given. */
  readonly channel?: string;
  /** `registry` if not given. */
  readonly chaincode?: string;
  /**
   * How long a call may take, in milliseconds: 10,000 by default. Each page of a list is a separate call; a stream of events
   * only has to start within this time.
   */
  readonly timeoutMs?: number;
  /** Time shared with the calls of other clients, instead of a separate time for each call. */
  readonly budget?: TimeBudget;
  /** How often to retry a transaction that certainly was not applied. */
  readonly limits?: Partial<Omit<ClientLimits, 'timeoutMs'>>;
}

const DEFAULT_USER = 'User1';

/**
 * Connects to the gateway of your organisation, on an embedded network or on real Fabric. Nothing is sent yet: the first call
 * shows whether the network answers.
 *
 * @example
 * const tracecal = await connect('crypto/peerOrganizations/lab-alpha.example/connection-lab-alpha.json');
 * try {
 *   console.log(await tracecal.traceCal('lab-alpha/sensor-17'));
 * } finally {
 *   tracecal.close();
 * }
 *
 * @param options - The path of a profile, or all options.
 * @throws TraceCalError `INPUT_INVALID`, `PROFILE_INVALID`, `IDENTITY_INVALID`, `KEY_EXPOSED` or `KEY_INVALID`
 */
export async function connect(options: string | ConnectOptions): Promise<TraceCal> {
  const wanted: ConnectOptions = typeof options === 'string' ? { profile: options } : options;
  requireOptions(connectShape, 'connection', wanted);
  const { channel = 'calibration', chaincode = 'registry', ...rest } = wanted;
  const { ledger, close } = await openLedger({ channel, chaincode }, rest);
  return new TraceCal(ledger, chaincode, close);
}

/** Connection options with a site's measurement channel. */
export interface ConnectMeasurementOptions extends Omit<ConnectOptions, 'channel'> {
  /** The site's measurement compartment: `measurement-a`. */
  readonly channel: string;
}

/**
 * Connects to the measurement compartment of a site, as its operator or its monitor; `chaincode` is `measurement` if not given.
 *
 * @example
 * const site = await connectMeasurement({ profile: 'connection-oem-a.json', channel: 'measurement-a' });
 * const { result } = await site.recordTraces(['lab-alpha/sensor-17', 'lab-alpha/sensor-18']);
 *
 * @throws TraceCalError as {@link connect}
 */
export async function connectMeasurement(options: ConnectMeasurementOptions): Promise<Measurement> {
  requireOptions(siteShape, 'connection', options);
  const { channel, chaincode = 'measurement', ...rest } = options;
  const { ledger, close } = await openLedger({ channel, chaincode, contract: 'measurement' }, rest);
  return new Measurement(ledger, close);
}

/** Connection options with a site's monitoring channel. */
export type ConnectMonitoringOptions = ConnectMeasurementOptions;

/**
 * Connects to the monitoring compartment of a site, as its monitor or its operator; `chaincode` is `monitoring` if not given.
 * @throws TraceCalError as {@link connect}
 */
export async function connectMonitoring(options: ConnectMonitoringOptions): Promise<Monitoring> {
  requireOptions(siteShape, 'connection', options);
  const { channel, chaincode = 'monitoring', ...rest } = options;
  const { ledger, close } = await openLedger({ channel, chaincode, contract: 'monitoring' }, rest);
  return new Monitoring(ledger, close);
}

type Access = Pick<ConnectOptions, 'profile' | 'user' | 'limits' | 'timeoutMs' | 'budget'>;

async function openLedger(place: Place, { profile, user = DEFAULT_USER, budget, ...access }: Access) {
  const { timeoutMs = DEFAULT_LIMITS.timeoutMs, limits } = access;
  checkedTimeout(timeoutMs);
  const endpoint = await readConnectionProfile(profile);
  const { identity, sign } = typeof user === 'string' ? await readUser(endpoint, user) : user;
  const link = new GatewayConnection(endpoint, budget?.timeoutMs ?? timeoutMs);
  // Signs whole messages, because node:crypto cannot sign digests, and the client library's own signer takes ten times as
  // long.
  const gateway = connectGateway({ client: link.client, identity, hash: hash.none, signer: guardedSign(sign) });
  const close = (): void => {
    gateway.close();
    link.close();
  };
  return { ledger: new Ledger(gateway, place, { ...DEFAULT_LIMITS, ...limits, timeoutMs }, { link, budget }), close };
}
