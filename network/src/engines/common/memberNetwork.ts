import { setTimeout as pause } from 'node:timers/promises';
import type { NodeConnection } from '../../admin/index.js';
import type { OrganisationEndpoint, StartedNetwork, SupervisedProcess } from '../../running/startedNetwork.js';
import type { Log } from '../../system/log.js';
import { Turns } from '../../system/turns.js';
import { unlessAborted } from '../../system/unlessAborted.js';
import { membersOf, neighboursOf, type ChaincodeDeployment, type Channel } from '../../topology/index.js';
import { deployOwnPart, type OwnPartState, type OwnRoute } from './chaincodes/deployOwn.js';
import { copyNetwork } from './copyNetwork.js';
import { endpointOf } from './endpoint.js';
import { FabricError } from './errors.js';
import type { NodeProcess } from './network.js';
import { connectedNodes, type ConnectedNodes } from './nodes/connectedNodes.js';
import { OrdererWatch } from './nodes/ordererWatch.js';
import { ordererConnection, peerHandles, type OrdererHandle, type PeerHandle } from './nodes/nodes.js';
import { settlePlacement, type Placement } from './places/placement.js';
import type { PackagedChaincode } from './processes/runner.js';
import type { NetworkParts } from './runningNetwork.js';

/** Between two attempts to do what other members still have to make possible. */
const AGAIN_MS = 3000;
/** The same where only the administrators of a channel can make it possible: orderers log every approval that they refuse. */
const OPENED_MS = 30_000;

/** The nodes of other members, as this one reaches them. */
interface Others {
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly NodeConnection[];
}

/** One member's nodes and chaincode services on real Fabric. Other members run theirs elsewhere, sooner or later. */
export class MemberNetwork implements StartedNetwork {
  readonly cryptoDir: string;
  readonly #parts: NetworkParts;
  readonly #log: Log;
  readonly #nodes: ConnectedNodes;
  readonly #others: Others;
  readonly #turns = new Turns();
  readonly #watch: OrdererWatch;
  readonly #end = new AbortController();
  readonly #said = new Map<string, string>();
  readonly #settled = new Settled();
  #settling: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  private constructor(parts: NetworkParts, nodes: ConnectedNodes, others: Others) {
    this.#parts = parts;
    this.#log = parts.log ?? (() => undefined);
    this.cryptoDir = parts.layout.cryptoDir;
    this.#nodes = nodes;
    this.#others = others;
    this.#watch = new OrdererWatch(nodes, parts);
  }

  /** A member's part of a network that has not been started yet. */
  static async assemble(parts: NetworkParts): Promise<MemberNetwork> {
    const { layout, placement } = parts;
    const { orderers } = placement.consortium;
    const [member] = placement.here.organisations;
    const nodes = await connectedNodes(parts, layout.cryptoDir, placement.here);
    const foreign = neighboursOf(placement.consortium, placement.member ?? '');
    return new MemberNetwork(parts, nodes, {
      peers: peerHandles(layout.cryptoDir, foreign, member),
      orderers: await Promise.all(orderers.map((orderer) => ordererConnection(layout.cryptoDir, orderer))),
    });
  }

  get organisations(): readonly OrganisationEndpoint[] {
    const { consortium, here } = this.#placement;
    return here.organisations.map((organisation) => endpointOf(this.cryptoDir, consortium, organisation));
  }

  /**
   * Resolves as soon as nothing is left that this member can do.
   * @returns Whether everything is approved and committed. Otherwise only a channel is missing that is closed to the member's approval.
   */
  get settled(): Promise<boolean> {
    return this.#settled.promise;
  }

  get processes(): readonly NodeProcess[] {
    return this.#parts.runner.processes;
  }

  get supervised(): readonly SupervisedProcess[] {
    return this.#parts.runner.supervised;
  }

  get peers(): readonly PeerHandle[] {
    return this.#nodes.peers;
  }

  get orderers(): readonly OrdererHandle[] {
    return this.#nodes.orderers;
  }

  /**
   * Starts the member's nodes and services and joins the channels, which needs nobody else. Chaincodes are deployed meanwhile: that needs
   * orderers, and approvals of others. After a failure or a cancellation, nothing keeps running.
   */
  async start(chaincodes: readonly ChaincodeDeployment[], signal?: AbortSignal): Promise<void> {
    const giveUp = (): void => {
      void this.stop().catch(() => undefined);
    };
    try {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', giveUp, { once: true });
      const packaged = await unlessAborted(this.#join(chaincodes), signal);
      this.#settling = this.#settle(packaged);
      this.#watch.begin(this.#placement.consortium.channels.map(({ name }) => name));
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  reconfigure(): Promise<void> {
    return this.#refuse();
  }

  upgrade(): Promise<never> {
    return this.#refuse();
  }

  rotateAuthority(): Promise<void> {
    return this.#refuse();
  }

  rotateOrderer(): Promise<void> {
    return this.#refuse();
  }

  copyTo(folder: string): Promise<void> {
    const { layout, runner } = this.#parts;
    const copy = () => copyNetwork(layout.root, folder, { nodes: this.#nodes, runner, log: this.#log });
    return this.#turns.take(() => this.#watch.pausedFor(copy));
  }

  stop(): Promise<void> {
    void this.#turns.close();
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  get #placement(): Placement {
    return this.#parts.placement;
  }

  async #join(chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PackagedChaincode[]> {
    const { layout, runner, placement } = this.#parts;
    const { channels } = placement.consortium;
    const packaged = await runner.run(placement, chaincodes);
    await Promise.all([this.#nodes.joinOrderers(channels), this.#nodes.joinPeers(channels)]);
    this.#log('info', 'Your orderers and peers run and have joined their channels.');
    await settlePlacement(layout, placement);
    return packaged;
  }

  /** Does what is missing until nothing is, or the network stops. */
  async #settle(packaged: readonly PackagedChaincode[]): Promise<void> {
    const { signal } = this.#end;
    const steps = this.#steps(packaged);
    while (!signal.aborted) {
      const outcomes: Outcome[] = [];
      // One after the other: a step that waits for orderers makes all of them wait.
      for (const step of steps) outcomes.push(await this.#attempt(step));
      const open = outcomes.filter((outcome) => outcome !== 'done');
      const isClosed = open.every((outcome) => outcome === 'closed');
      if (isClosed) this.#settled.resolve(open.length === 0);
      if (open.length === 0) return;
      await pause(isClosed ? OPENED_MS : AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #steps(packaged: readonly PackagedChaincode[]): readonly Step[] {
    const { consortium, member = '' } = this.#placement;
    return packaged.flatMap((chaincode) =>
      consortium.channels
        .filter(
          (channel) => chaincode.deployment.channels.includes(channel.name) && membersOf(channel).includes(member),
        )
        .map((channel) => ({ chaincode, channel })),
    );
  }

  async #attempt({ chaincode, channel }: Step): Promise<Outcome> {
    if (this.#end.signal.aborted) return 'failed';
    const [first, ...more] = this.#nodes.peers;
    if (first === undefined) return 'done';
    const { peers: others, orderers } = this.#others;
    const route: OwnRoute = { own: [first, ...more], others, orderers };
    const { name } = chaincode.deployment;
    try {
      const state = await deployOwnPart(channel, chaincode, this.#placement.consortium, route);
      this.#say(`${name} on ${channel.name}`, WORDS[state]);
      return state;
    } catch (error) {
      this.#say(`${name} on ${channel.name}`, `tried again: ${error instanceof Error ? error.message : String(error)}`);
      return 'failed';
    }
  }

  /** Logs what has become of something, once. */
  #say(about: string, what: string): void {
    if (this.#said.get(about) === what || this.#end.signal.aborted) return;
    this.#said.set(about, what);
    this.#log('info', `${about}: ${what}`);
  }

  async #stop(): Promise<void> {
    this.#end.abort();
    await this.#watch.end();
    const connections = [...this.#others.peers.map(({ connection }) => connection), ...this.#others.orderers];
    for (const connection of connections) connection.close();
    this.#nodes.close();
    await this.#parts.runner.stop().finally(() => this.#parts.lock?.release());
    await this.#settling;
  }

  #refuse(): Promise<never> {
    const why =
      'Only the nodes of one member run here, and this change needs the signatures of others: members agree on it by exchanging files.';
    return Promise.reject(new FabricError('NOT_ALONE', why));
  }
}

/** A chaincode on one of the member's channels. */
interface Step {
  readonly chaincode: PackagedChaincode;
  readonly channel: Channel;
}

/** A promise that something else keeps. */
class Settled {
  readonly promise: Promise<boolean>;
  resolve: (isWhole: boolean) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }
}

type Outcome = OwnPartState | 'failed';

const WORDS: Readonly<Record<OwnPartState, string>> = {
  done: 'approved here, and committed',
  approved: 'approved here; too few others have approved, or are reached, to commit it',
  closed: 'not approved: readers of a channel can approve only while its administrators let them',
};
