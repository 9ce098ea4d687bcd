import { existsSync } from 'node:fs';
import { printable } from '@tracecal/gateway-client';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { EXIT } from '../exit.js';
import type { EngineProcess } from '../network/engineProcess.js';
import { engines } from '../network/engines.js';
import { copyWarning } from '../network/copyWarning.js';
import { interruptible } from '../network/interruption.js';
import { startNetwork } from '../network/startNetwork.js';
import type { StartedNetwork } from '../network/startNetwork.js';
import { collect } from '../parse.js';
import type { Style } from '../style.js';
import { word } from '../text/quoted.js';
import { committedJson } from '../view/committed.js';
import { table } from '../view/table.js';
import { engineChoice, withEngineOptions } from './engineOptions.js';
import type { EngineChoice } from './engineOptions.js';

interface Options extends EngineChoice {
  readonly detach?: boolean;
  readonly consortium?: string;
  readonly chaincode?: readonly string[];
  readonly ports?: 'configured' | 'free';
  readonly verbose?: true;
}

export function up(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'up',
      description: 'Bring the network up, and keep it up until Ctrl-C (or `tracecal down`).',
      example: 'up --detach',
      acting: 'none',
      configure: (command) =>
        withEngineOptions(command)
          .option('--detach', 'come back when it is ready, and leave it running')
          .option('--consortium <file>', "description of the consortium (default: the project's own)")
          .option(
            '--chaincode <name@channel=host:port>',
            'another chaincode, served by yourself; may be repeated',
            collect,
          )
          .option(
            '--verbose',
            'log what is refused or invalid, and why; without --detach also on this terminal (engine embedded)',
          )
          .addOption(
            new Option(
              '--ports <which>',
              'of the description, or any that are free (default: those of the last start here, else of the description)',
            ).choices(['configured', 'free']),
          ),
      async run({ terminal, data }, _args, options) {
        const { detach = false, consortium, chaincode = [], ports, verbose = false } = options;
        requireNotOfMember(data);
        const copy = copyWarning(data);
        if (copy !== undefined) terminal.warn(copy);
        terminal.progress('Starting the network');
        const network = await interruptible((signal) =>
          startNetwork({
            data,
            consortium,
            ports,
            detached: detach,
            chaincodes: chaincode,
            signal,
            verbose,
            onProgress: (line) => {
              terminal.progress(line);
            },
            ...(verbose &&
              !detach && {
                onLog: (line: string) => {
                  terminal.warn(printable(line));
                },
              }),
            ...engineChoice(options),
          }),
        );
        const { engine, ready, founding, process } = network;
        const steps = founding.map(({ what, committed }) => ({ what, ...committedJson(committed) }));
        terminal.result({ engine, data: data.root, ...ready, founding: steps }, (style) =>
          describe(network, data, detach, style),
        );
        if (detach) {
          process.release();
          return EXIT.yes;
        }
        return keepUp(process);
      },
    },
    host,
  );
}

function describe({ engine, ready }: StartedNetwork, data: DataDirectory, detached: boolean, style: Style): string {
  const columns = [
    { title: 'organisation', of: (row: (typeof ready.organisations)[number]) => row.id },
    { title: 'MSP', of: (row: (typeof ready.organisations)[number]) => row.mspId },
    { title: 'gateway', of: (row: (typeof ready.organisations)[number]) => row.gatewayEndpoint },
  ];
  return [
    `${style.green('The network is up.')} ${engines[engine].about}`,
    '',
    table(columns, ready.organisations, style),
    '',
    style.dim(`Data and keys: ${data.root}`),
    ...(existsSync(data.foundingFile)
      ? [style.dim(`Founding of the registry: ${data.foundingFile}; roots that you trust: ${data.trustFile}`)]
      : []),
    style.dim(detached ? `Process ${ready.pid}; stop it with ${style.hint('down')}.` : 'Stop it with Ctrl-C.'),
  ].join('\n');
}

/** Waits until the network ends, or this process is asked to stop. */
export async function keepUp(engine: EngineProcess): Promise<number> {
  const stop = () => {
    void engine.stop();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const code = await engine.ended();
  process.off('SIGINT', stop).off('SIGTERM', stop);
  return code === 0 ? EXIT.yes : EXIT.trouble;
}

/** The start would make other keys and certificates, and replace the connection profile that leads to the member's network. */
function requireNotOfMember(data: DataDirectory): void {
  if (existsSync(data.memberFile)) {
    throw new CliError(
      'DATA_UNUSABLE',
      `${data.root} belongs to one member of a consortium, and the keys of the others are elsewhere: start its nodes with \`tracecal member up --data ${word(data.root)}\`.`,
    );
  }
  if (data.isOfMember) {
    throw new CliError(
      'DATA_UNUSABLE',
      `${data.root} belongs to a member of a network that runs elsewhere: it holds a member's identity, and no network was ever started there. Start one in another folder with --data; whether the member's network answers, \`tracecal doctor --data ${word(data.root)}\` shows.`,
    );
  }
}
