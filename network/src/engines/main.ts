import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseChaincodeArgument, parseEnvironmentArguments, UsageError } from './embedded/index.js';
import type { Log } from '../system/log.js';
import { obeyRequests } from '../running/control/index.js';
import { ENGINES, startEngine, type EngineName, type StartedNetwork } from './engine.js';
import { defaultConsortiumFile, readConsortium } from '../topology/index.js';

/**
 * The process behind `tracecal up`: one network until it is told to stop. The embedded network lives in this process; of real
 * Fabric it is the supervisor.
 *
 *     node main.js --data DIR [--engine embedded|native|docker] [--fabric-bin DIR] [--consortium FILE] [--ports configured|free]
 *                  [--chaincode NAME@CHANNEL=HOST:PORT[,policy=POLICY]]... [--chaincode-environment NAME:VARIABLE=VALUE]...
 *                  [--ready-fd FD] [--exit-with-parent] [--verbose]
 *
 * When the network is ready, one line of JSON (`{"ready":true,"pid":...,"cryptoDir":...,"organisations":[...]}`) goes to
 * the parent's IPC channel where there is one, else to `--ready-fd`, which is standard output unless given. Ends by
 * SIGTERM or SIGINT, and with `--exit-with-parent` when the IPC channel closes; does what waits in its data directory by SIGHUP (see control).
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
        ports: { type: 'string', default: 'configured' },
        chaincode: { type: 'string', multiple: true, default: [] },
        'chaincode-environment': { type: 'string', multiple: true, default: [] },
        'ready-fd': { type: 'string', default: '1' },
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

function portsOf({ ports }: Options): 'configured' | 'free' {
  if (ports === 'configured' || ports === 'free') return ports;
  throw new UsageError(`--ports ${ports} is not understood: write configured or free.`);
}

function engineOf({ engine }: Options): EngineName {
  const known = ENGINES.find((name) => name === engine);
  if (known) return known;
  throw new UsageError(`--engine ${engine} is not understood: write ${ENGINES.join(', ')}.`);
}

function announce(network: StartedNetwork, { 'ready-fd': fd }: Options): void {
  const { organisations, cryptoDir } = network;
  const message = { ready: true, pid: process.pid, cryptoDir, organisations };
  if (process.send) process.send(message);
  else writeSync(Number(fd), `${JSON.stringify(message)}\n`);
}

async function start(engine: EngineName, values: Options): Promise<StartedNetwork> {
  const { 'fabric-bin': fabricBin } = values;
  if (values.data === undefined) throw new UsageError('--data DIR is missing: name the directory of the network.');
  const log: Log = (level, message) => {
    if (values.verbose || level === 'warn' || level === 'error') say(`${level} ${message}`);
  };
  return startEngine(engine, {
    consortium: readConsortium(values.consortium ?? defaultConsortiumFile()),
    dataDir: values.data,
    ports: portsOf(values),
    chaincodes: values.chaincode.map(parseChaincodeArgument),
    chaincodeEnvironment: parseEnvironmentArguments(values['chaincode-environment']),
    log,
    ...(fabricBin !== undefined && { fabricBin }),
  });
}

/** Waits for the word to stop. */
function stopRequested({ 'exit-with-parent': exitWithParent }: Options): Promise<void> {
  return new Promise((resolve) => {
    // Waiting for a signal does not keep a process alive, and of a network in containers nothing else is here.
    const alive = setInterval(() => undefined, 2 ** 30);
    const stop = (): void => {
      clearInterval(alive);
      resolve();
    };
    process.once('SIGTERM', stop).once('SIGINT', stop);
    if (exitWithParent) process.once('disconnect', stop);
  });
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const refused = 'path' in error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
  if (!refused) return error.message;
  return `${String(error.path)} belongs to another user, perhaps to root: take the data directory over with chown, or use another.`;
}

async function main(): Promise<number> {
  const values = options();
  const stop = stopRequested(values);
  const engine = engineOf(values);
  if (engine === 'embedded') say(NOTICE);
  const network = await start(engine, values);
  const rest = obeyRequests(values.data ?? '', values.consortium, network);
  announce(network, values);
  await stop;
  await rest();
  await network.stop();
  return EXIT.stopped;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(inWords(error));
    process.exit(error instanceof UsageError ? EXIT.usage : EXIT.trouble);
  },
);
