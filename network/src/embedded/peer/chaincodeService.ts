import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChaincodeDeployment } from '../../topology/consortium.js';
import type { Log } from '../../log.js';
import { ChaincodeStartError, packageDirectory, packageIdOf } from '../../chaincodePackage.js';
import { listening } from '../../ports.js';
import { startChaincodeProcess, type ChaincodeProcess } from './chaincodeProcess.js';
import { ChaincodeStream, STREAM_TERMINATED } from './chaincodeStream.js';
import { ShimConnection, type ShimTls } from './shimConnection.js';
import type { ChaincodeInvoker, Invocation } from './transactionContext.js';
import type { ShimMessage } from './shimMessage.js';

const FIRST_BACKOFF_MS = 20;
const LONGEST_BACKOFF_MS = 2000;
/** How long after its death transactions wait for a chaincode that is started again here. */
const RESTART_GRACE_MS = 10_000;
/** How long a new version may take to be ready. */
const REGISTER_MS = 30_000;
/** And for a service of somebody else's, who may not start it again: until the next two times that it is looked for. */
const FOREIGN_GRACE_MS = 2 * LONGEST_BACKOFF_MS;

/** Whether somebody listens on `host:port`. */
function answers(address: string): Promise<boolean> {
  const at = address.lastIndexOf(':');
  return listening(address.slice(0, at).replace(/^\[|\]$/g, ''), Number(address.slice(at + 1)));
}

export interface ChaincodeServiceOptions {
  readonly deployment: ChaincodeDeployment;
  /** The endorsers that execute on it, by MSP id: each has a stream of its own. */
  readonly endorsers: readonly ChaincodeInvoker[];
  readonly logFile: string;
  readonly executeTimeoutMs: number;
  readonly log: Log;
}

/**
 * One chaincode server and the streams to it: one an endorser, because the same transaction runs on several endorsers
 * at once and the shim tells its answers apart by channel and transaction id alone. Keeps the server running (where it
 * is ours) and reconnects for as long as the service is not stopped.
 */
export class ChaincodeService {
  /** What is served; a definition may change while the package stays. */
  deployment: ChaincodeDeployment;
  /** `label:sha256` */
  readonly packageId: string;
  readonly #options: ChaincodeServiceOptions;
  #endorsers: readonly ChaincodeInvoker[];
  readonly #streams = new Map<string, ChaincodeStream>();
  /** Opens the stream of an endorser that comes while the server runs. */
  #connect: ((endorser: ChaincodeInvoker) => void) | undefined;
  readonly #stopping = new AbortController();
  #process: ChaincodeProcess | undefined;
  #connection: ShimConnection | undefined;
  readonly #complaints = new Set<string>();
  #awaySince = 0;
  #waiting: (() => void)[] = [];
  #running: Promise<void> | undefined;
  #settleStart: ((error?: Error) => void) | undefined;
  /**
   * For a chaincode that is started here: resolves when it has registered with every endorser, rejects when its process
   * ends before that. For a service that somebody else runs: resolved, as it may come later.
   */
  readonly started: Promise<void>;

  constructor(options: ChaincodeServiceOptions) {
    this.#options = options;
    this.deployment = options.deployment;
    this.packageId = packageIdOf(options.deployment);
    this.#endorsers = [...options.endorsers];
    this.started =
      'address' in options.deployment.service
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            this.#settleStart = (error) => {
              if (error) reject(error);
              else resolve();
            };
          });
    // Whoever awaits it sees the failure; until then it is not an unhandled one.
    this.started.catch(() => undefined);
  }

  get name(): string {
    return this.deployment.name;
  }

  get channels(): readonly string[] {
    return this.deployment.channels;
  }

  get isReady(): boolean {
    return this.#endorsers.every(({ mspId }) => this.#streams.get(mspId)?.ready);
  }

  /** @throws ChaincodeStartError when there is nothing that could be started */
  start(): void {
    const { service } = this.#options.deployment;
    const directory = 'package' in service ? packageDirectory(service.package) : undefined;
    this.#running ??= this.#keepRunning(directory);
  }

  /** Gives an endorser that joins a stream of its own, and waits a while until the chaincode has registered on it. */
  async addEndorser(endorser: ChaincodeInvoker): Promise<void> {
    if (this.#endorsers.some(({ mspId }) => mspId === endorser.mspId)) return;
    this.#endorsers = [...this.#endorsers, endorser];
    this.#connect?.(endorser);
    const end = Date.now() + RESTART_GRACE_MS;
    while (!this.#streams.get(endorser.mspId)?.ready && Date.now() < end && !this.#isStopping()) {
      await Promise.race([delay(end - Date.now(), undefined, { ref: false }), this.#nextReady()]);
    }
  }

  /** Ends the stream of an endorser that leaves. */
  removeEndorser(endorser: ChaincodeInvoker): void {
    if (!this.#endorsers.includes(endorser)) return;
    this.#endorsers = this.#endorsers.filter((other) => other !== endorser);
    const stream = this.#streams.get(endorser.mspId);
    this.#streams.delete(endorser.mspId);
    stream?.close('its endorser has left');
  }

  /** Resolves when it has registered with every endorser. @throws ChaincodeStartError when it does not in time */
  async registered(): Promise<void> {
    await this.started;
    const end = Date.now() + REGISTER_MS;
    while (!this.isReady) {
      const left = end - Date.now();
      if (left <= 0) throw new ChaincodeStartError(`The chaincode ${this.name} did not register in ${REGISTER_MS} ms.`);
      await Promise.race([delay(left, undefined, { ref: false }), this.#nextReady()]);
    }
  }

  /** Ends it when nothing runs on it any more; nobody may send it anything by then. */
  async retire(): Promise<void> {
    const end = Date.now() + this.#options.executeTimeoutMs;
    while ([...this.#streams.values()].some(({ busy }) => busy) && Date.now() < end) await delay(10);
    await this.stop();
  }

  /** Runs a transaction on the stream of the endorser of `mspId`. @throws when the chaincode is not connected */
  async execute(mspId: string, invocation: Invocation, input: Uint8Array): Promise<ShimMessage> {
    const stream = await this.#readyStream(mspId);
    return stream.execute(invocation, input);
  }

  /** A chaincode that has just died is back in a moment: transactions wait that moment, but not for one that stays away. */
  async #readyStream(mspId: string): Promise<ChaincodeStream> {
    const grace = 'address' in this.#options.deployment.service ? FOREIGN_GRACE_MS : RESTART_GRACE_MS;
    const unavailable = (): Error => new Error(`could not launch chaincode ${this.name}: ${STREAM_TERMINATED}`);
    for (;;) {
      const stream = this.#streams.get(mspId);
      if (stream?.ready) return stream;
      const left = this.#awaySince + grace - Date.now();
      if (left <= 0 || this.#isStopping()) throw unavailable();
      await Promise.race([delay(left, undefined, { ref: false }), this.#nextReady()]);
    }
  }

  #nextReady(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    this.#closeStreams('the network is stopping');
    this.#connection?.close();
    await this.#process?.stop();
    await this.#running;
  }

  async #keepRunning(directory: string | undefined): Promise<void> {
    let backoff = FIRST_BACKOFF_MS;
    while (!this.#isStopping()) {
      const began = Date.now();
      const reason = await this.#session(directory).catch((error: unknown) => {
        if (error instanceof ChaincodeStartError) this.#settleStart?.(error);
        return error instanceof Error ? error.message : String(error);
      });
      if (this.#isStopping()) return;
      if (Date.now() - began > LONGEST_BACKOFF_MS) backoff = FIRST_BACKOFF_MS;
      this.#complain(`chaincode ${this.name} is not available: ${reason}`);
      await delay(backoff, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
    }
  }

  /** From a listening server to its end. Resolves with what ended it. */
  async #session(directory: string | undefined): Promise<string> {
    const address = directory === undefined ? await this.#external() : await this.#own(directory);
    const connection = new ShimConnection(address, this.#tls());
    this.#connection = connection;
    const over = new AbortController();
    try {
      const keep = (endorser: ChaincodeInvoker): Promise<string> =>
        this.#keepConnected(connection, address, endorser, over.signal);
      return await new Promise((resolve, reject) => {
        this.#connect = (endorser) => {
          keep(endorser).then(resolve, reject);
        };
        this.#endorsers.forEach(this.#connect);
      });
    } finally {
      this.#connect = undefined;
      over.abort();
      this.#closeStreams('the chaincode server is gone');
      connection.close();
    }
  }

  /** Keeps one endorser's stream open for as long as he stays. Resolves when the server itself no longer listens. */
  async #keepConnected(
    connection: ShimConnection,
    address: string,
    endorser: ChaincodeInvoker,
    over: AbortSignal,
  ): Promise<string> {
    const isOver = (): boolean => over.aborted;
    let backoff = FIRST_BACKOFF_MS;
    while (this.#endorsers.includes(endorser)) {
      const began = Date.now();
      const reason = await this.#stream(connection, endorser);
      if (isOver() || this.#isStopping() || !(await answers(address))) return reason;
      if (Date.now() - began > LONGEST_BACKOFF_MS) backoff = FIRST_BACKOFF_MS;
      this.#complain(`chaincode ${this.name}, stream of ${endorser.mspId}: ${reason}`);
      await delay(backoff, undefined, { signal: over }).catch(() => undefined);
      if (isOver()) return reason;
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
    }
    // The others' streams go on: his end is not the server's.
    return new Promise(() => undefined);
  }

  /** The life of one stream. Resolves with what ended it. */
  #stream(connection: ShimConnection, invoker: ChaincodeInvoker): Promise<string> {
    const stream = connection.open();
    const { executeTimeoutMs } = this.#options;
    return new Promise((resolve) => {
      const onClosed = (reason: string): void => {
        // One that never registered did not go away: nobody is to wait for its return.
        if (registered) this.#awaySince = Date.now();
        resolve(reason);
      };
      let registered = false;
      const onReady = (): void => {
        registered = true;
        this.#wake();
        if (this.isReady) this.#announceReady();
      };
      this.#streams.set(invoker.mspId, new ChaincodeStream({ stream, invoker, executeTimeoutMs, onReady, onClosed }));
    });
  }

  async #external(): Promise<string> {
    const { service } = this.#options.deployment;
    const address = 'address' in service ? service.address : '';
    if (!(await answers(address))) throw new Error(`nothing listens on ${address}`);
    return address;
  }

  /** The child process: the one that still runs, or a new one. */
  async #own(directory: string): Promise<string> {
    if (this.#process) return this.#process.address;
    const started = await startChaincodeProcess({
      directory,
      chaincodeId: this.packageId,
      logFile: this.#options.logFile,
      signal: this.#stopping.signal,
    });
    this.#process = started;
    void started.exited.then(() => {
      this.#forget(started);
    });
    return started.address;
  }

  #forget(ended: ChaincodeProcess): void {
    if (this.#process === ended) this.#process = undefined;
  }

  #tls(): ShimTls | undefined {
    const { service } = this.#options.deployment;
    if (!('tls' in service)) return undefined;
    const { caFile, certFile, keyFile } = service.tls;
    const ca = readFileSync(caFile);
    if (certFile === undefined || keyFile === undefined) return { ca };
    return { ca, cert: readFileSync(certFile), key: readFileSync(keyFile) };
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Once a cause: a service that stays away would fill the log. */
  #complain(text: string): void {
    if (this.#complaints.has(text)) return;
    this.#complaints.add(text);
    this.#options.log('warn', text);
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  #closeStreams(reason: string): void {
    for (const stream of this.#streams.values()) stream.close(reason);
  }

  #announceReady(): void {
    this.#complaints.clear();
    this.#options.log('info', `chaincode ${this.name} is ready`);
    this.#settleStart?.();
  }
}
