import { instantOf, refusalText, RegistryError } from '@tracecal/core/model';
import {
  exportLog,
  publishProofs,
  readExactText,
  registeredId,
  verifyingPage,
} from '@tracecal/gateway-client/application';
import type { Published, Session } from '@tracecal/gateway-client/application';
import { bundleOf, bundleText, readBundle } from '@tracecal/gateway-client/proof';
import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';

interface Options {
  readonly bundle?: readonly string[];
  readonly log?: boolean;
  readonly latest?: boolean;
  readonly offerTrust?: string;
  readonly url?: string;
}

export function proofPublish(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'publish <folder> [devices...]',
      description:
        'Write bundles into a folder as static files, with a page that checks them in a browser, for any web server. What is there already stays; all that is new is written, or nothing.',
      example: 'proof publish public sensor-17 --log --url https://proofs.example/',
      reads: true,
      configure: (command) =>
        command
          .option(
            '--bundle <files...>',
            'bundles that exist already (proof create); without devices they need no network',
          )
          .option('--log', 'continue the change log there, too: whether anything has changed since a bundle was made')
          .option('--latest', "also under a name that follows from the device's id, for gates that refresh")
          .option(
            '--offer-trust <file>',
            'a trust file that the page offers to readers, who have to compare its fingerprint elsewhere',
          )
          .option('--url <address>', 'where the folder will be served: prints whole links, for a QR code', siteAddress),
      async run(
        { terminal, ...place },
        [folder = '', ...devices],
        { bundle: files = [], log = false, latest = false, offerTrust, url },
      ) {
        const page = await verifyingPage();
        const trust = offerTrust === undefined ? undefined : await readExactText(offerTrust, MOST_BUNDLE_BYTES);
        const given = await Promise.all(files.map(bundleIn));
        const publish = async (session?: Session) =>
          publishProofs(folder, {
            bundles: [...given, ...(session ? await made(session, devices) : [])],
            page,
            trust,
            isLatest: latest,
            log:
              log && session
                ? async (from, into) =>
                    exportLog(
                      await session.reader(),
                      from,
                      (epoch, last) => {
                        terminal.progress(`epoch ${epoch} of ${last}`);
                      },
                      into,
                    )
                : undefined,
          });
        const published = await (devices.length > 0 || log ? withSession(place, publish) : publish());
        const linked = published.bundles.map((each) => ({ ...each, link: `${url ?? ''}${each.fragment}` }));
        terminal.result({ ...published, bundles: linked }, () => described(published, linked).join('\n'));
        return EXIT.yes;
      },
    },
    host,
  );
}

async function bundleIn(file: string): Promise<string> {
  const text = await readExactText(file, MOST_BUNDLE_BYTES);
  try {
    readBundle(text);
  } catch (cause) {
    throw cause instanceof RegistryError ? new RegistryError(cause.code, `${file}: ${refusalText(cause)}`) : cause;
  }
  return text;
}

async function made(session: Session, devices: readonly string[]): Promise<readonly string[]> {
  const reader = await session.reader();
  const asOf = instantOf(Date.now());
  const texts: string[] = [];
  for (const given of devices) {
    texts.push(bundleText(await bundleOf(reader, await registeredId(session, 'device', given), { asOf })));
  }
  return texts;
}

function described(
  { folder, log, trust, bundles }: Published,
  linked: readonly { readonly device: string; readonly link: string }[],
): readonly string[] {
  const added = bundles.filter(({ isNew }) => isNew).length;
  return [
    `${folder} has the page that checks bundles (index.html), and ${counted(added, 'new bundle')}.`,
    ...linked.map(({ device, link }) => `${device}  ${link}`),
    ...(log ? [`The change log reaches epoch ${log.epoch}: ${counted(log.written, 'new epoch')}.`] : []),
    ...(trust === null
      ? []
      : [`The page offers a trust file with the fingerprint ${trust}: tell it to readers, but not on this site.`]),
  ];
}

/** The address of the folder, so that a link to a bundle in it can be written. */
function siteAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hash !== '' || url.search !== '') {
    throw new InvalidArgumentError('Write the address of a folder, like https://proofs.example/sensors/.');
  }
  return /\/$|\.html$/.test(url.pathname) ? url.href : `${url.href}/`;
}
