import { connect } from 'node:net';
import { findRegistryChannel } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import type { NetworkStatus } from '@tracecal/network/control';
import { readConsortium } from '@tracecal/network/topology';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import { networkDown } from '../network/networkDown.js';
import { findRunning } from '../network/runningNetwork.js';
import { withSession } from '../session.js';
import type { Place } from '../session.js';
import type { Style } from '../style.js';
import { wrap } from '../text/wrap.js';
import { configurationWarning } from '../view/configurationWarning.js';
import { table } from '../view/table.js';

interface Answer {
  readonly id: string;
  readonly gatewayEndpoint: string;
  /** Whether its peer has just run the registry; in a consortium without one, whether its gateway accepts connections. */
  readonly answers: boolean;
  readonly ms: number;
}

export function status(host: Host): Command {
  return commandOf(
    {
      usage: 'status',
      description: 'Show whether the network runs and every organisation reaches the registry. Exit code 3 if not.',
      example: 'status --json',
      acting: 'none',
      async run({ terminal, ...place }) {
        const network = await findRunning(place.data, place.timeoutMs);
        if (network === undefined) {
          const { message } = await networkDown(place.data);
          terminal.result(documentOf(undefined, NOTHING), (style) => spellHints(message, style.hint));
          return EXIT.trouble;
        }
        const seen = network.state === 'running' ? await look(place, network) : NOTHING;
        const warning = configurationWarning(seen.configurationBytes);
        if (warning !== undefined) terminal.warn(spellHints(warning, terminal.errorStyle.hint));
        terminal.result(documentOf(network, seen), (style) => describe(network, seen, style));
        const isUp = network.state === 'running' && seen.answers.every(({ answers }) => answers);
        return isUp ? EXIT.yes : EXIT.trouble;
      },
    },
    host,
  );
}

/** State of a network, as clients see it. */
interface Seen {
  /** The network runs other chaincodes than TraceCal's. */
  readonly hasRegistry: boolean;
  readonly answers: readonly Answer[];
  /** Size of the configuration of the registry's channel; null without an answer, or without a registry. */
  readonly configurationBytes: number | null;
}

const NOTHING: Seen = { hasRegistry: true, answers: [], configurationBytes: null };

async function look(place: Place, network: NetworkStatus): Promise<Seen> {
  if (findRegistryChannel(readConsortium(place.data.consortiumFile)) === undefined) {
    return { hasRegistry: false, answers: await connectToEach(network, place.timeoutMs), configurationBytes: null };
  }
  return withSession(place, async (session) => ({
    hasRegistry: true,
    answers: await askEach(session, network),
    configurationBytes: await configurationSize(session),
  }));
}

function documentOf(network: NetworkStatus | undefined, { answers, configurationBytes }: Seen) {
  return {
    running: network?.state === 'running',
    engine: network?.engine ?? null,
    pid: network?.pid ?? null,
    configurationBytes,
    organisations: answers,
    processes: (network?.processes ?? []).map(({ name, pid, restarts, lastEnd, operations }) => ({
      name,
      pid: pid ?? null,
      restarts,
      lastEnd: lastEnd ?? null,
      operations: operations ?? null,
    })),
  };
}

async function configurationSize(session: Session): Promise<number | null> {
  try {
    return await (await session.reader()).configurationBytes();
  } catch {
    return null;
  }
}

function askEach(session: Session, { organisations }: NetworkStatus): Promise<readonly Answer[]> {
  const members = [...session.channel.writers, ...session.channel.readers];
  return Promise.all(
    organisations
      .filter(({ id }) => members.includes(id))
      .map((member) => measured(member, () => answersPing(session, member.id))),
  );
}

function connectToEach({ organisations }: NetworkStatus, timeoutMs: number): Promise<readonly Answer[]> {
  return Promise.all(
    organisations.map((member) => measured(member, () => acceptsConnections(member.gatewayEndpoint, timeoutMs))),
  );
}

async function measured(
  { id, gatewayEndpoint }: NetworkStatus['organisations'][number],
  answered: () => Promise<boolean>,
): Promise<Answer> {
  const began = performance.now();
  const answers = await answered();
  return { id, gatewayEndpoint, answers, ms: Math.round((performance.now() - began) * 10) / 10 };
}

function acceptsConnections(endpoint: string, timeoutMs: number): Promise<boolean> {
  const { hostname, port } = new URL(`grpcs://${endpoint}`);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const settle = (accepts: boolean) => {
      socket.destroy();
      resolve(accepts);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
    socket.setTimeout(timeoutMs, () => {
      settle(false);
    });
  });
}

async function answersPing(session: Session, organisation: string): Promise<boolean> {
  try {
    await (await session.as(organisation)).ping();
    return true;
  } catch {
    return false;
  }
}

function describe(
  { state, engine, pid, processes }: NetworkStatus,
  { hasRegistry, answers }: Seen,
  style: Style,
): string {
  if (state !== 'running') {
    return `The network is ${state} (${engine}, process ${pid}).`;
  }
  const columns = [
    { title: 'organisation', of: (row: Answer) => row.id },
    { title: 'gateway', of: (row: Answer) => row.gatewayEndpoint },
    {
      title: hasRegistry ? 'registry' : 'connection',
      of: (row: Answer) => (row.answers ? `answers in ${row.ms} ms` : 'does not answer'),
    },
  ];
  return [
    `The network is running (${engine}, process ${pid}).`,
    '',
    table(columns, answers, style),
    ...(hasRegistry
      ? []
      : ['', ...wrap('The consortium has no registry: its chaincodes are not asked.', style.columns)]),
    ...processes.flatMap(troubleOf).flatMap((line) => wrap(line, style.columns)),
  ].join('\n');
}

function troubleOf({ name, pid, restarts, lastEnd }: NetworkStatus['processes'][number]): readonly string[] {
  if (pid === undefined) return [`${name} does not run; it is started again in half a minute at the latest.`];
  if (restarts === 0) return [];
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return [`${name} was started again ${times} (last: ${lastEnd ?? 'unknown'}).`];
}
