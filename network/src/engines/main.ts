import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseChaincodeArgument, parseEnvironmentArguments, UsageError } from './embedded/index.js';
import type { Log } from '../system/log.js';
import { unlessAborted } from '../system/unlessAborted.js';
import { ControlServer } from '../running/control/index.js';
import { keepLogSmall } from '../system/logRotation.js';
import { diskFull, isDiskFull } from '../system/diskFull.js';
import { ENGINES, startEngine, startMemberEngine } from './engine.js';
import type { ChaincodeEnvironment, EngineName, Ports, StartedNetwork } from './engine.js';
import { defaultConsortiumFile, readConsortium } from '../topology/index.js';

/**
 * The process behind `tracecal up`: one network until it is told to stop. The embedded network lives in this process; of real
 * Fabric it is the supervisor.
 *
 *     node main.js --data DIR [--engine embedded|native|docker] [--fabric-bin DIR] [--consortium FILE] [--ports kept|configured|free]
 *                  [--chaincode NAME@CHANNEL=HOST:PORT[,policy=POLICY]]... [--chaincode-environment NAME:VARIABLE=VALUE]...
 *                  [--member] [--ready-fd FD] [--await-start] [--exit-with-parent] [--verbose]
 *
 * When the network is ready, one line of JSON (`{"ready":true,"pid":...,"cryptoDir":...,"organisations":[...]}`) goes to
 * the parent's IPC channel where there is one, else to `--ready-fd`, which is standard output unless given. Other processes
 * control it by the socket in its data directory (see control). Ends when it is told to there, by SIGTERM, SIGINT or SIGHUP, and
 * with `--exit-with-parent`, or while it starts, when the IPC channel closes.
 *
 * With `--member`, of real Fabric only the nodes of the member to whom the data directory belongs run, with its description and its ports.
 *
 * With `--await-start` the parent prepares the data directory: this process holds it, says `{"held":true}` and waits for
 * `{"start":{"environment":{...}}}`. What it does meanwhile it tells as `{"progress":"..."}`, and why it cannot be as
 * `{"failed":{"code":"...","message":"..."}}`.
 *
 * Exit codes: 0 stopped, 2 bad usage, 3 trouble.
 */

const EXIT = { stopped: 0, usage: 2, trouble: 3 } as const;

const NOTICE =
  'The embedded network is one machine and one process: there is no consensus and no Byzantine tolerance. Use real Fabric where members must not trust this machine.';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        engine: { type: 'string', default: 'embedded' },
        'fabric-bin': { type: 'string' },
        consortium: { type: 'string' },
        member: { type: 'boolean', default: false },
        ports: { type: 'string', default: 'kept' },
        chaincode: { type: 'string', multiple: true, default: [] },
        'chaincode-environment': { type: 'string', multiple: true, default: [] },
        'ready-fd': { type: 'string', default: '1' },
        'await-start': { type: 'boolean', default: false },
        'exit-with-parent': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Options = ReturnType<typeof options>;

function portsOf({ ports }: Options): Ports {
  if (ports === 'kept' || ports === 'configured' || ports === 'free') return ports;
  throw new UsageError(`--ports ${ports} is not valid: write kept, configured or free.`);
}

function engineOf({ engine, member }: Options): EngineName {
  const known = ENGINES.find((name) => name === engine);
  if (member && known !== 'native') throw new UsageError('--member needs --engine native.');
  if (known) return known;
  throw new UsageError(`--engine ${engine} is not valid: write ${ENGINES.join(', ')}.`);
}

/** Resolves when the parent has received the message, or has gone. */
function tellParent(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else {
      process.send(message, () => {
        resolve();
      });
    }
  });
}

function announce(network: StartedNetwork, { 'ready-fd': fd }: Options): void {
  const { organisations, cryptoDir } = network;
  const message = { ready: true, pid: process.pid, cryptoDir, organisations };
  if (process.send) void tellParent(message);
  else writeSync(Number(fd), `${JSON.stringify(message)}\n`);
}

const startSchema = z.object({
  start: z.object({ environment: z.record(z.string(), z.record(z.string(), z.string())) }),
});

/** The environment of chaincodes: from the arguments, or from the parent once it has prepared everything. */
async function environmentOf(values: Options, signal: AbortSignal): Promise<ChaincodeEnvironment> {
  if (!values['await-start']) return parseEnvironmentArguments(values['chaincode-environment']);
  const word = once(process, 'message');
  void tellParent({ held: true });
  const [message] = (await unlessAborted(word, signal)) as [unknown];
  return startSchema.parse(message).start.environment;
}

async function start(
  engine: EngineName,
  values: Options,
  control: ControlServer,
  signal: AbortSignal,
): Promise<StartedNetwork> {
  const { 'fabric-bin': fabricBin } = values;
  let isStarting = values['await-start'];
  const log: Log = (level, message) => {
    if (values.verbose || level === 'warn' || level === 'error') say(`${level} ${message}`);
    if (level !== 'info') return;
    control.progress(message);
    if (isStarting) void tellParent({ progress: message });
  };
  const chaincodeEnvironment = await environmentOf(values, signal);
  if (engine === 'embedded') say(NOTICE);
  const common = {
    dataDir: control.dataDir,
    chaincodes: values.chaincode.map(parseChaincodeArgument),
    chaincodeEnvironment,
    log,
    lock: control.lock,
    signal,
    ...(fabricBin !== undefined && { fabricBin }),
  };
  const network = values.member
    ? await startMemberEngine(common)
    : await startEngine(engine, {
        ...common,
        consortium: readConsortium(values.consortium ?? defaultConsortiumFile()),
        ports: portsOf(values),
      });
  // From now on the parent waits for nothing, and may never read it.
  isStarting = false;
  return network;
}

function dataDirOf({ data }: Options): string {
  if (data !== undefined) return data;
  throw new UsageError('--data DIR is missing: name the directory of the network.');
}

function inWords(error: unknown, { data = '' }: Options): string {
  if (!(error instanceof Error)) return String(error);
  if (isDiskFull(error)) return diskFull(data);
  const refused = 'path' in error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
  if (!refused) return error.message;
  return `${String(error.path)} belongs to another user, perhaps to root: take the data directory over with chown, or use another.`;
}

/** Aborts at the first request to stop, whatever its source. */
function stopSignal(values: Options, isReady: () => boolean): AbortController {
  const stop = new AbortController();
  const onStop = (): void => {
    stop.abort(new Error('The network was stopped before it was ready.'));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onStop);
  process.once('disconnect', () => {
    if (values['exit-with-parent'] || !isReady()) onStop();
  });
  return stop;
}

/** Reports why the network cannot start. Keeps the data directory locked until the parent has restored the files that it prepared there. */
async function fail(error: unknown, values: Options, signal: AbortSignal): Promise<number> {
  const message = inWords(error, values);
  say(message);
  if (values['await-start'] && process.connected) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
    await tellParent({ failed: { code, message } });
    if (!signal.aborted) await once(signal, 'abort');
  }
  return error instanceof UsageError ? EXIT.usage : EXIT.trouble;
}

/** Runs a network until it is told to stop. */
async function main(): Promise<number> {
  const values = options();
  const engine = engineOf(values);
  const dataDir = dataDirOf(values);
  let isReady = false;
  const stop = stopSignal(values, () => isReady);
  let control: ControlServer | undefined;
  let notStopped: unknown;
  try {
    control = await ControlServer.open({
      dataDir,
      engine,
      onStop: () => {
        stop.abort();
      },
    });
    const network = await start(engine, values, control, stop.signal);
    isReady = true;
    const release = keepLogSmall(join(dataDir, 'network.log'), 'this process');
    try {
      control.serve(network, values.consortium);
      announce(network, values);
      if (!stop.signal.aborted) await once(stop.signal, 'abort');
    } finally {
      release();
      await control.rest();
      await network.stop().catch((error: unknown) => {
        notStopped = error;
        throw error;
      });
    }
    return EXIT.stopped;
  } catch (error) {
    if (stop.signal.aborted && !isReady) return EXIT.stopped;
    return await fail(error, values, stop.signal);
  } finally {
    await control?.close(notStopped);
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(error instanceof UsageError ? EXIT.usage : EXIT.trouble);
  },
);
