import { heartbeat as giveHeartbeat } from '@tracecal/gateway-client/application';
import type { Heartbeat, Uncovered } from '@tracecal/gateway-client/application';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { span } from '../parse.js';
import { repeated } from '../repeated.js';
import { withSession } from '../session.js';
import type { Place } from '../session.js';
import type { Style } from '../style.js';
import type { Terminal } from '../terminal.js';
import { committedJson, committedLines } from '../view/committed.js';

interface Options {
  readonly every?: number;
  readonly once?: boolean;
}

/** An epoch lasts a minute at least, and an hour at most while anything is written. */
const [LEAST_SECONDS, MOST_SECONDS] = [60, 3600];

export function heartbeat(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'heartbeat',
      description:
        'Seal the open epoch, and let the institutes whose keys are here sign the digest of all that is in sealed epochs: the sign of life that questions ask for (--max-age). An epoch can be sealed a minute after it was opened.',
      example: 'heartbeat --every 60s',
      configure: (command) =>
        command
          .option('--every <span>', 'go on until Ctrl-C, once a span of 60s to 1h', everySpan)
          .option('--once', 'do it once (the default)'),
      async run({ terminal, ...place }, _args, { every }) {
        if (every === undefined) {
          tell(terminal, await withSession(place, giveHeartbeat));
          return EXIT.yes;
        }
        return goOn(terminal, place, every);
      },
    },
    host,
  );
}

/** An epoch can be sealed a minute after it was opened: the span counts from the end of the last heartbeat. */
async function goOn(terminal: Terminal, place: Place, every: number): Promise<number> {
  await repeated({ terminal, everySeconds: every, from: 'end' }, async () => {
    tell(terminal, await withSession(place, giveHeartbeat));
  });
  return EXIT.yes;
}

function tell(terminal: Terminal, beat: Heartbeat): void {
  const { epoch, digest, sealed, uncovered, beats } = beat;
  const document = {
    epoch,
    digest,
    sealed: sealed && committedJson(sealed),
    uncovered,
    heartbeats: beats.map(({ institute, committed }) => ({ institute, ...committedJson(committed) })),
  };
  terminal.result(document, (style) => describe(beat, style));
}

function describe({ epoch, digest, sealed, uncovered, beats }: Heartbeat, style: Style): string {
  const institutes = beats.map(({ institute }) => institute).join(', ');
  return [
    ...(sealed ? [`${style.green('✓')} Epoch ${epoch} is sealed.`, ...committedLines(sealed, style)] : []),
    `${style.green('✓')} Heartbeat of ${institutes} over epoch ${epoch} (digest ${digest.slice(0, 16)}…).`,
    ...beats.flatMap(({ committed }) => committedLines(committed, style)),
    ...(uncovered ? [`${style.yellow('!')} ${uncoveredText(uncovered)}`] : []),
  ].join('\n');
}

function uncoveredText({ epoch, opened, due }: Uncovered): string {
  return `Not covered: what was registered in epoch ${epoch}, which was opened on ${opened} and can be sealed from ${due} on. Run this again then.`;
}

function everySpan(text: string): number {
  const seconds = span(text);
  if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
    throw new InvalidArgumentError('Write a span from 60s to 1h.');
  }
  return seconds;
}
