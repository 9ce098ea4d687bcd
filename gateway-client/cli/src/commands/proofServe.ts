import { once } from 'node:events';
import { ApplicationError, describeFailure, instituteMsps } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { answered, ChallengeService } from '@tracecal/gateway-client/proof';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';

interface Options {
  readonly listen: Address;
  readonly endorsers?: readonly string[];
  readonly rate: number;
  readonly rateEach: number;
  readonly parallel: number;
  readonly behindProxy?: boolean;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_ADDRESS: Address = { host: '127.0.0.1', port: 8420 };
const MOST_RATE = 100_000;
const MOST_PARALLEL = 256;
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const HELP = `
Anybody asks with GET /bundle?device=ID&nonce=WORD, also with quantity and at, or with \`proof ask\`, and gets a bundle of the tier endorsed. Questions are not logged. The service sees addresses and devices; the members whose peers endorse see the devices.

It speaks HTTP: put a proxy with TLS before it, and add --behind-proxy if that proxy writes the asker's address into X-Forwarded-For.`;

export function proofServe(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'serve',
      description:
        "Answer outsiders' questions about devices over HTTP, endorsed by peers, until Ctrl-C. Askers need no account.",
      example: 'proof serve --listen 127.0.0.1:8420 --rate 60 --rate-each 6',
      reads: true,
      configure: (command) =>
        command
          .addOption(
            new Option('--listen <address>', 'where to listen; port 0 takes a free one')
              .argParser(address)
              .default(DEFAULT_ADDRESS, `${DEFAULT_ADDRESS.host}:${DEFAULT_ADDRESS.port}`),
          )
          .option(
            '--endorsers <organisations>',
            'whose peers are asked to endorse (default: those of all institutes)',
            parse.list,
          )
          .option('--rate <n>', 'most questions a minute, of all askers', parse.upTo(MOST_RATE), 60)
          .option('--rate-each <n>', 'most questions a minute of one address', parse.upTo(MOST_RATE), 6)
          .option('--parallel <n>', 'most questions at one time', parse.upTo(MOST_PARALLEL), 4)
          .option('--behind-proxy', 'believe the last address in X-Forwarded-For: your own proxy writes it')
          .addHelpText('after', HELP),
      async run(invocation, _args, options) {
        await withSession(invocation, (session) => serve(session, invocation, options), 'each');
        return EXIT.yes;
      },
    },
    host,
  );
}

async function serve(
  session: Session,
  { terminal }: Invocation,
  { listen, endorsers: named, rate, rateEach, parallel, behindProxy = false }: Options,
): Promise<void> {
  const endorsers = named?.map((id) => session.member(id).mspId) ?? (await instituteMsps(session));
  const service = new ChallengeService({
    answer: async (challenge) => answered(await session.reader(), challenge, endorsers),
    rates: { total: rate, each: rateEach },
    parallel,
    behindProxy,
    onFailure: (error) => {
      const { code, message } = describeFailure(error);
      terminal.error(spellHints(message, terminal.errorStyle.hint), code);
    },
  });
  const stopped = Promise.race(STOPPING.map((signal) => once(process, signal)));
  const { port } = await service.listen(listen.port, listen.host).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApplicationError(
      'INPUT_INVALID',
      `${textOf(listen)} cannot be listened on (${why}): choose another address.`,
      {
        cause,
      },
    );
  });
  const url = `http://${textOf({ ...listen, port })}`;
  terminal.result({ url, endorsers, rate, rateEach, parallel }, ({ hint }) =>
    [
      `Answering on ${url}, endorsed by peers of ${endorsers.join(', ')}, until Ctrl-C.`,
      `Ask it with ${hint(`proof ask ${url} DEVICE --trust FILE`)}.`,
    ].join('\n'),
  );
  await stopped;
  await service.close();
}

function textOf({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function address(text: string): Address {
  const [, six, other, port = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? other;
  if (host === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError('Write an address and a port like 127.0.0.1:8420 or [::1]:8420.');
  }
  return { host, port: Number(port) };
}
