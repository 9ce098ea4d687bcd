import type { MeasurementsAnchor } from '@tracecal/core/contracts';
import { ApplicationError, readExactText } from '@tracecal/gateway-client/application';
import { requireIncluded } from '@tracecal/gateway-client/device';
import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

export function measurementAnchored(host: Host): Command {
  return commandOf<SiteOptions>(
    {
      usage: 'anchored <file>',
      description:
        "Ask a site's channel when it got the root of a proved value's batch. Exit code 6 if it does not hold it. Check everything else with measurement verify.",
      example: 'measurement anchored value.proof.json --site a --as monitor',
      reads: true,
      configure: siteOption,
      async run({ terminal, ...place }, [file = ''], { site }) {
        const { measurement, inclusion } = requireIncluded(await readExactText(file, MOST_BUNDLE_BYTES));
        const { channel, first, anchors, more } = await withSession(place, async (session) => {
          const found = session.siteChannel('measurement', site);
          const compartment = await session.measurement(found);
          const all = compartment.getMeasurementsAnchors(inclusion.root, inclusion.size);
          return { channel: found.name, ...(await firstOf(all)) };
        });
        const { device, sequence } = measurement;
        const document = { channel, device, sequence, root: inclusion.root, place: inclusion.index, anchors, more };
        terminal.result(document, (style) =>
          [
            `${style.green('✓')} ${channel} holds the root of the batch. The oldest time for it is ${first.recorded.time}, as the client of ${first.by} states it.`,
            `Measurement ${sequence} of ${device} is number ${inclusion.index + 1} of ${inclusion.size} in it, and says that it was taken at ${measurement.time}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** So many are shown: the first one counts. */
const MOST_SHOWN = 20;

interface Found {
  readonly first: MeasurementsAnchor;
  readonly anchors: readonly MeasurementsAnchor[];
  /** Whether it was written more often than is shown. */
  readonly more: boolean;
}

async function firstOf(all: AsyncIterable<MeasurementsAnchor>): Promise<Found> {
  const anchors: MeasurementsAnchor[] = [];
  for await (const anchor of all) {
    anchors.push(anchor);
    if (anchors.length > MOST_SHOWN) {
      break;
    }
  }
  const [first] = anchors;
  // A channel that holds none says so itself; only one that answers differently comes here.
  if (!first) {
    throw new ApplicationError('NOT_REGISTERED', 'The channel does not hold the root.');
  }
  return { first, anchors: anchors.slice(0, MOST_SHOWN), more: anchors.length > MOST_SHOWN };
}
