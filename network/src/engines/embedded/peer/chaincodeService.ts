import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaincodeStartError, packageDirectory } from '../../../chaincode/index.js';
import type { Log } from '../../../system/log.js';
import { listening } from '../../../system/ports.js';
import type { ChaincodeDeployment, ServiceTls } from '../../../topology/consortium.js';
import { startChaincodeProcess, type ChaincodeProcess } from './chaincodeProcess.js';
import { ChaincodeStream } from './chaincodeStream.js';
import { ShimConnection, type ShimTls } from './shimConnection.js';
import type { ShimMessage } from './shimMessage.js';
import type { ChaincodeInvoker, Invocation } from './transactionContext.js';

/** Time limit for a listening server to register. */
const REGISTER_MS = 30_000;
/** Pause after a failed start: otherwise clients that repeat their call would keep the machine busy with starts. */
const RETRY_AFTER_MS = 1000;

export interface ChaincodeServiceOptions {
  readonly deployment: ChaincodeDeployment;
  /** `label:sha256` */
  readonly packageId: string;
  /** The member's endorser. */
  readonly endorser: ChaincodeInvoker;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Folder of its process's key during the start. */
  readonly keyDir: string;
  readonly executeTimeoutMs: number;
  readonly log: Log;
}

/** Address of a server, and the TLS material for it. */
interface Place {
  readonly address: string;
  readonly tls: ShimTls | undefined;
}

/**
 * A chaincode as one member's peer runs it: the stream to its server, which works only for this member unless somebody else runs it. A
 * transaction starts the server if it does not run.
 */
export class ChaincodeService {
  /** The served deployment; its definition may change while the package stays. */
  deployment: ChaincodeDeployment;
  readonly packageId: string;
  readonly #options: ChaincodeServiceOptions;
  readonly #stopping = new AbortController();
  #process: ChaincodeProcess | undefined;
  #stream: ChaincodeStream | undefined;
  #opening: Promise<ChaincodeStream> | undefined;
  #failed: { readonly error: unknown; readonly at: number } | undefined;

  constructor(options: ChaincodeServiceOptions) {
    this.#options = options;
    this.deployment = options.deployment;
    this.packageId = options.packageId;
  }

  get name(): string {
    return this.deployment.name;
  }

  /** Whether the server runs or is being started. */
  get isInUse(): boolean {
    return this.#stream !== undefined || this.#opening !== undefined;
  }

  /** Runs a transaction. @throws when there is no chaincode to run it, or the stream to it breaks */
  async execute(invocation: Invocation, input: Uint8Array): Promise<ShimMessage> {
    const stream = this.#stream ?? (await this.#opened());
    return stream.execute(invocation, input);
  }

  /**
   * Resolves when the chaincode has registered; starts it if necessary.
   * @throws ChaincodeStartError
   */
  async ready(): Promise<void> {
    await this.#opened();
  }

  /** Stops it when no transaction runs on it any more; callers must not send anything from then on. */
  async retire(): Promise<void> {
    // Transactions may be waiting for its start.
    await this.#opening?.catch(() => undefined);
    const end = Date.now() + this.#options.executeTimeoutMs;
    while (this.#stream?.busy && Date.now() < end) await delay(10);
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#opening?.catch(() => undefined);
    await this.#process?.stop();
  }

  #opened(): Promise<ChaincodeStream> {
    if (this.#stream) return Promise.resolve(this.#stream);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(): Promise<ChaincodeStream> {
    if (this.#failed && Date.now() - this.#failed.at < RETRY_AFTER_MS) throw this.#failed.error;
    try {
      const stream = await this.#register(await this.#place());
      this.#failed = undefined;
      this.#options.log('info', `chaincode ${this.name} is ready for ${this.#options.endorser.mspId}`);
      return stream;
    } catch (cause) {
      const error = new ChaincodeStartError(`could not launch chaincode ${this.name}: ${text(cause)}`, { cause });
      this.#failed = { error, at: Date.now() };
      this.#warn(error.message);
      throw error;
    }
  }

  async #place(): Promise<Place> {
    const { service } = this.#options.deployment;
    if ('package' in service) return this.#start(packageDirectory(service.package));
    if (!(await answers(service.address))) throw new Error(`nothing listens on ${service.address}`);
    return { address: service.address, tls: service.tls && readTls(service.tls) };
  }

  async #start(directory: string): Promise<Place> {
    // Without a stream the process is useless, even if it still runs.
    await this.#process?.stop();
    const { environment, logFile, keyDir } = this.#options;
    this.#process = await startChaincodeProcess({
      name: this.name,
      directory,
      chaincodeId: this.packageId,
      environment,
      logFile,
      keyDir,
      signal: this.#stopping.signal,
    });
    return this.#process;
  }

  /** Opens the stream; resolves when the chaincode has registered on it. */
  #register({ address, tls }: Place): Promise<ChaincodeStream> {
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    const { endorser: invoker, executeTimeoutMs } = this.#options;
    const connection = new ShimConnection(address, tls);
    return new Promise((resolve, reject) => {
      const close = (reason: string): void => {
        stream.close(reason);
      };
      const onStop = (): void => {
        close('the network is stopping');
      };
      const onReady = (): void => {
        clearTimeout(late);
        this.#stream = stream;
        resolve(stream);
      };
      const onClosed = (reason: string): void => {
        clearTimeout(late);
        signal.removeEventListener('abort', onStop);
        connection.close();
        if (this.#stream === stream) this.#lost(reason);
        reject(new Error(reason));
      };
      const stream = new ChaincodeStream({ stream: connection.open(), invoker, executeTimeoutMs, onReady, onClosed });
      const late = setTimeout(close, REGISTER_MS, `it did not register in ${REGISTER_MS / 1000} s`);
      signal.addEventListener('abort', onStop);
    });
  }

  #lost(reason: string): void {
    this.#stream = undefined;
    this.#warn(`chaincode ${this.name} is not available to ${this.#options.endorser.mspId}: ${reason}`);
  }

  #warn(message: string): void {
    if (!this.#stopping.signal.aborted) this.#options.log('warn', message);
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether somebody listens on `host:port`. */
function answers(address: string): Promise<boolean> {
  const at = address.lastIndexOf(':');
  return listening(address.slice(0, at).replace(/^\[|\]$/g, ''), Number(address.slice(at + 1)));
}

function readTls({ caFile, certFile, keyFile }: ServiceTls): ShimTls {
  const ca = readFileSync(caFile);
  if (certFile === undefined || keyFile === undefined) return { ca };
  return { ca, cert: readFileSync(certFile), key: readFileSync(keyFile) };
}
