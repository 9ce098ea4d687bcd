import { readTrustFile, trustText } from '@tracecal/gateway-client';
import type { Endorsers, Trust } from '@tracecal/gateway-client';
import { ApplicationError, trustFromNetwork } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import { engineOf } from '../network/engines.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import { MOST_ROOTS, trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly fromNetwork?: true;
  readonly endorsers?: number;
  readonly engine?: Endorsers['engine'];
  readonly validFor?: number;
}

export function trustExport(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'export',
      description: 'Print the trust file in its canonical form, to hand it to others: the same trust is the same text.',
      example: 'trust export --from-network > trust.json',
      reads: true,
      configure: (command) =>
        trustOption(command)
          .option(
            '--from-network',
            'name the registry, the institutes as endorsers, and the channel with its newest configuration, as the network describes them now',
          )
          .option(
            '--endorsers <k>',
            'how many endorsers must agree (default: a majority of the institutes)',
            parse.upTo(MOST_ROOTS),
          )
          .addOption(
            new Option('--engine <engine>', 'what runs the network, where the data directory does not tell').choices([
              'fabric',
              'embedded',
            ]),
          )
          .option('--valid-for <days>', 'how many days it may be used from now on (default: always)', parse.days),
      async run(invocation, _args, options) {
        const trust = await readTrustFile(trustPath(options, invocation.data));
        invocation.terminal.verbatim(trustText(await completed(trust, invocation, options)));
        return EXIT.yes;
      },
    },
    host,
  );
}

async function completed(trust: Trust, place: Invocation, options: Options): Promise<Trust> {
  const { fromNetwork, endorsers: k, validFor } = options;
  if (!fromNetwork) {
    if (k !== undefined || validFor !== undefined || options.engine !== undefined) {
      throw new ApplicationError('USAGE', '--endorsers, --engine and --valid-for need --from-network.');
    }
    return trust;
  }
  const spec = {
    engine: engineNamed(place, options),
    ...(k !== undefined && { k }),
    ...(validFor !== undefined && { validDays: validFor }),
  };
  return withSession(place, (session) => trustFromNetwork(session, trust, spec));
}

/** An embedded network cannot be told from Fabric by its answers: it signs with the keys of all members. */
function engineNamed({ data, profile }: Invocation, { engine }: Options): Endorsers['engine'] {
  const own = profile === undefined ? engineOf(data) : undefined;
  const known = own === undefined ? engine : own === 'embedded' ? 'embedded' : 'fabric';
  if (known === undefined) {
    throw new ApplicationError(
      'USAGE',
      'Say with --engine what runs the network: fabric, or embedded if one process does.',
    );
  }
  return known;
}
