import type { Session } from '@tracecal/gateway-client/application';
import { supervisedProcesses, type ProcessStatus } from '@tracecal/network/engine';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import { nothingRuns } from '../network/networkDown.js';
import { findRunning } from '../network/runningNetwork.js';
import type { RunningNetwork } from '../network/runningNetwork.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { wrap } from '../text/wrap.js';
import { configurationWarning } from '../view/configurationWarning.js';
import { table } from '../view/table.js';

interface Answer {
  readonly id: string;
  readonly gatewayEndpoint: string;
  /** Whether its peer ran the registry just now. */
  readonly answers: boolean;
  readonly ms: number;
}

export function status(host: Host): Command {
  return commandOf(
    {
      usage: 'status',
      description: 'Is the network running, and does every organisation reach the registry? Exit code 3 if not.',
      example: 'status --json',
      acting: 'none',
      async run({ terminal, ...place }) {
        const running = findRunning(place.data);
        const [answers, configurationBytes] = running
          ? await withSession(place, (session) => Promise.all([askEach(session, running), configurationSize(session)]))
          : [[], null];
        const isUp = running !== undefined && answers.every((answer) => answer.answers);
        const engine = running?.engine ?? null;
        const processes = running ? await supervisedProcesses(running.engine, place.data.root) : [];
        const document = {
          running: running !== undefined,
          engine,
          pid: running?.pid ?? null,
          configurationBytes,
          organisations: answers,
          processes: processes.map(({ name, pid, restarts, lastEnd }) => ({
            name,
            pid: pid ?? null,
            restarts,
            lastEnd: lastEnd ?? null,
          })),
        };
        const warning = configurationWarning(configurationBytes);
        if (warning !== undefined) terminal.warn(spellHints(warning, terminal.errorStyle.hint));
        terminal.result(document, (style) =>
          running
            ? describe(running, answers, processes, style)
            : spellHints(nothingRuns(place.data).message, style.hint),
        );
        return isUp ? EXIT.yes : EXIT.trouble;
      },
    },
    host,
  );
}

/** Of the registry's channel; null where no peer answers. */
async function configurationSize(session: Session): Promise<number | null> {
  try {
    return await (await session.reader()).configurationBytes();
  } catch {
    return null;
  }
}

function askEach(session: Session, { organisations }: RunningNetwork): Promise<readonly Answer[]> {
  const members = [...session.channel.writers, ...session.channel.readers];
  return Promise.all(
    organisations
      .filter(({ id }) => members.includes(id))
      .map(async ({ id, gatewayEndpoint }) => {
        const began = performance.now();
        const answers = await answersPing(session, id);
        return { id, gatewayEndpoint, answers, ms: Math.round((performance.now() - began) * 10) / 10 };
      }),
  );
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
  running: RunningNetwork,
  answers: readonly Answer[],
  processes: readonly ProcessStatus[],
  style: Style,
): string {
  const columns = [
    { title: 'organisation', of: (row: Answer) => row.id },
    { title: 'gateway', of: (row: Answer) => row.gatewayEndpoint },
    { title: 'registry', of: (row: Answer) => (row.answers ? `answers in ${row.ms} ms` : 'does not answer') },
  ];
  return [
    `The network is running (${running.engine}, process ${running.pid}).`,
    '',
    table(columns, answers, style),
    ...processes.flatMap(troubleOf).flatMap((line) => wrap(line, style.columns)),
  ].join('\n');
}

function troubleOf({ name, pid, restarts, lastEnd }: ProcessStatus): readonly string[] {
  if (pid === undefined) return [`${name} does not run; it is started again in half a minute at the latest.`];
  if (restarts === 0) return [];
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return [`${name} was started again ${times} (last: ${lastEnd ?? 'unknown'}).`];
}
