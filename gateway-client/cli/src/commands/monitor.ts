import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { readTrustFile } from '@tracecal/gateway-client';
import { ApplicationError, describeFailure, readExactText } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import type { MonitorService, Settings } from '@tracecal/monitor';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';

interface Options {
  readonly config: string;
}

const MOST_FILE_BYTES = 64 * 1024 * 1024;
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const HELP = `
The file is JSON: the sites and instruments that the monitor looks after, and what it offers; docs/monitoring.md describes it. Files are named in it from its own folder.

What it concludes is kept in its store until the ledger has it: end it, or kill it, whenever you like.`;

export function monitor(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'monitor',
      description:
        "Run the monitor of one or more sites until Ctrl-C: probe instruments, look at them, put findings into the sites' monitoring compartments, send alerts, and show users their part.",
      example: 'monitor --config monitor.json --as monitor',
      configure: (command) =>
        command
          .requiredOption('--config <file>', 'what to look after and what to offer, as JSON')
          .addHelpText('after', HELP),
      async run(invocation, _args, { config }) {
        // Takes a moment to load, and no other command needs it.
        const { settingsOf } = await import('@tracecal/monitor');
        const settings = settingsOf(await settingsIn(config));
        await withSession(
          invocation,
          (session) => serve(session, invocation, { settings, folder: dirname(resolve(config)) }),
          'each',
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

async function settingsIn(file: string): Promise<unknown> {
  const text = await readExactText(file, MOST_FILE_BYTES);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    throw new ApplicationError('INPUT_INVALID', `${file} is no JSON (${why}): correct it.`, { cause });
  }
}

async function serve(
  session: Session,
  { terminal }: Invocation,
  { settings, folder }: { readonly settings: Settings; readonly folder: string },
): Promise<void> {
  const { ConsortiumSurroundings, MonitorService: Service } = await import('@tracecal/monitor');
  const trustFile = settings.api?.trustFile;
  const trust = trustFile === undefined ? undefined : await readTrustFile(resolve(folder, trustFile));
  const tell = (error: unknown) => {
    const { code, message } = describeFailure(error);
    terminal.error(spellHints(message, terminal.errorStyle.hint), code);
  };
  const stopped = Promise.race(STOPPING.map((signal) => once(process, signal)));
  const service = await Service.start({
    settings,
    folder,
    surroundings: new ConsortiumSurroundings(session, trust),
    onFailure: tell,
  });
  try {
    tellStarted(service, settings, terminal);
    await stopped;
  } finally {
    await service.stop();
  }
}

function tellStarted(
  { addresses }: MonitorService,
  { sites, instruments }: Settings,
  terminal: Invocation['terminal'],
): void {
  const { api, metrics } = addresses;
  const document = { sites: Object.keys(sites), instruments: instruments.length, addresses };
  terminal.result(document, () =>
    [
      `Looking after ${counted(instruments.length, 'instrument', 'instruments')} at ${document.sites.join(', ')}, until Ctrl-C.`,
      ...(api ? [`The API answers at ${api.host}, port ${api.port}.`] : []),
      ...(metrics ? [`Metrics are at http://${metrics.host}:${metrics.port}/metrics.`] : []),
    ].join('\n'),
  );
}
