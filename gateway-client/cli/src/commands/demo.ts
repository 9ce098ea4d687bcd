import { ApplicationError } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { storyDocument } from '../demo/document.js';
import { fieldDocument } from '../demo/field/fieldDocument.js';
import { FieldNarrator } from '../demo/field/fieldNarrator.js';
import type { FieldStory } from '../demo/field/fieldStory.js';
import { playField } from '../demo/field/playField.js';
import { Narrator } from '../demo/narrator.js';
import { play } from '../demo/play.js';
import { onStage } from '../demo/stage.js';
import type { Stage, StageOptions } from '../demo/stage.js';
import type { Story } from '../demo/story.js';
import { readFolder } from '../demo/visitors.js';
import type { Folder } from '../demo/visitors.js';
import { EXIT } from '../exit.js';
import type { Paint } from '../style.js';
import type { Terminal } from '../terminal.js';
import { counted } from '../view/counts.js';
import { engineChoice, withEngineOptions } from './engineOptions.js';
import type { EngineChoice } from './engineOptions.js';

interface Options extends EngineChoice {
  readonly dcc?: string;
  readonly data?: string;
  readonly field?: boolean;
}

export function demo(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'demo',
      description:
        'Run a whole consortium for half a minute: import certificates, accept them, trace sensors, revoke a standard.',
      example: 'demo --dcc my-certificates',
      acting: 'none',
      dataHelp: 'a new directory for the network and its keys, which stays (default: a temporary one)',
      configure: (command) =>
        withEngineOptions(command)
          .option('--dcc <folder>', 'attach your own digital calibration certificates to the hierarchy')
          .option(
            '--field',
            'instead: instruments boot through the gate, measure and are filtered, and their standard falls',
          ),
      async run({ terminal }, _args, options) {
        const { dcc, data, field = false } = options;
        if (field) {
          if (dcc !== undefined) {
            throw new ApplicationError('USAGE', '--field has instruments of its own: leave --dcc out.');
          }
          return inTheField(terminal, options);
        }
        const narrator = new Narrator(terminal);
        const visitors = dcc === undefined ? undefined : await readFolder(dcc);
        narrator.title();
        narrator.step('Starting the network');
        const story = await onStage(staged(options, visitors), async (stage) => {
          const network = networkOf(stage, data === undefined);
          narrator.network(network);
          return { network, ...(await play({ ...stage, visitors }, narrator)) };
        });
        narrator.evidence(story.evidence);
        narrator.end(story.traces, story.tracesAfter, ending(story, data, terminal.style.hint));
        if (terminal.isJson) {
          terminal.result(storyDocument(story), () => '');
        }
        return wentAsTold(story) ? EXIT.yes : EXIT.trouble;
      },
    },
    host,
  );
}

async function inTheField(terminal: Terminal, options: Options): Promise<number> {
  const narrator = new FieldNarrator(terminal);
  narrator.title();
  narrator.step('Starting the network');
  const story = await onStage(staged(options, undefined), async (stage) => {
    const network = networkOf(stage, options.data === undefined);
    narrator.network(network);
    return { network, ...(await playField(stage, narrator)) };
  });
  narrator.end(story);
  if (terminal.isJson) {
    terminal.result(fieldDocument(story), () => '');
  }
  return fieldWentAsTold(story) ? EXIT.yes : EXIT.trouble;
}

function staged(options: Options, visitors: Folder | undefined): StageOptions {
  return { folder: options.data, network: engineChoice(options), validFrom: validFrom(visitors) };
}

/** No calibration chain has older dates. */
const EARLIEST = '1950-01-01';

/** Old certificates must be registered too, and their signers must have been certified by then. */
function validFrom(visitors: Folder | undefined): Date | undefined {
  const [earliest] = (visitors?.candidates ?? []).map(({ draft }) => draft.performed.begin).sort();
  if (earliest === undefined) {
    return undefined;
  }
  const from = new Date(`${earliest < EARLIEST ? EARLIEST : earliest}T00:00:00Z`);
  return from.getTime() < Date.now() - FIVE_YEARS_MS ? from : undefined;
}

const FIVE_YEARS_MS = 5 * 365 * 86_400_000;

function networkOf({ data, engine, ready, readyMs }: Stage, temporary: boolean): Story['network'] {
  return { engine, data: data.root, temporary, readyMs, organisations: ready.organisations };
}

function ending({ traces, tracesAfter }: Story, data: string | undefined, hint: Paint): string {
  const traceable = (all: Story['traces']) => all.filter(({ verdict }) => verdict.status === 'TRACEABLE').length;
  const next = data === undefined ? hint('--help') : hint('trace DEVICE');
  return `Of ${counted(traces.length, 'device')}, ${traceable(traces)} traceable before and ${traceable(tracesAfter)} after. Next: ${hint('up')}, then ${next}.`;
}

/** The demo shows that a trace holds, and that it fails right after the revocation. */
function wentAsTold({ traces, tracesAfter }: Story): boolean {
  return tracesAfter.some(
    ({ verdict }, index) => verdict.status === 'FAILED' && traces[index]?.verdict.status === 'TRACEABLE',
  );
}

/** All instruments start, and after the revocation not all; a value that was shown as traceable is not any more. */
function fieldWentAsTold({ boots, bootsAfter, proved, provedAfter }: FieldStory): boolean {
  return (
    boots.every(({ started }) => started) &&
    bootsAfter.some(({ outcome }) => outcome === 'revoked') &&
    bootsAfter.some(({ started }) => started) &&
    proved.report.verdict.status === 'TRACEABLE' &&
    provedAfter.report.verdict.status === 'FAILED'
  );
}
