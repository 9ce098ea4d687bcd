import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { MAX_OPENING_CHARACTERS } from '@tracecal/core/pseudonym';
import type { OpenedPseudonym } from '@tracecal/core/pseudonym';
import { inForce, printable, readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import { checkOpening, readExactText } from '@tracecal/gateway-client/application';
import { MOST_BUNDLE_BYTES, openWithBundle } from '@tracecal/gateway-client/proof';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';
import { trustForQuestion, trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly bundle?: string;
}

interface Shown extends OpenedPseudonym {
  /** Until when the records tell what was said against the signer; absent: until now. */
  readonly until?: Instant;
}

export function pseudonymShow(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'show <file>',
      description:
        'Check an opening of a pseudonym, and show its facts: against the registry, or against a bundle without any network.',
      example: 'pseudonym show opening.json --bundle sensor-17.bundle.json --trust trust.json',
      reads: true,
      configure: (command) =>
        trustOption(command).option('--bundle <file>', 'check it against the records of this bundle, and ask nobody'),
      async run({ terminal, ...place }, [file = ''], options) {
        const text = await readExactText(file, MAX_OPENING_CHARACTERS);
        const shown = await check(place, text, options);
        terminal.result(documentOf(shown, file), (style) => describe(shown, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

async function check(place: Parameters<typeof withSession>[0], text: string, options: Options): Promise<Shown> {
  if (options.bundle === undefined) {
    const trust = await trustForQuestion(options, place.data);
    return withSession(place, (session) => checkOpening(session, text, trust && trustedRoots(trust)));
  }
  const trust = inForce(await readTrustFile(trustPath(options, place.data)));
  const bundle = await readExactText(options.bundle, MOST_BUNDLE_BYTES);
  const { registry } = trust;
  return openWithBundle(text, bundle, { roots: trustedRoots(trust), registry, asOf: instantOf(Date.now()) });
}

function documentOf({ content, digest, facts, signer, root, until }: Shown, file: string) {
  const { registry, kind, id, certifier, to, date, reason } = content;
  return {
    ...{ file, digest, registry, kind, id, certifier, signer, root, to, date, facts },
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { until }),
  };
}

function describe({ content, facts, signer, root, until }: Shown, style: Style): string {
  const { kind, id, certifier, to, date, reason } = content;
  return [
    style.bold(printable(`${kind} ${id}`)),
    ...[
      ...Object.entries(facts).map(([fact, value]) => `${fact}: ${value}`),
      `as registered under a pseudonym by ${certifier}, below ${root}`,
      `signed by ${signer}, by their word on ${date}, for ${to ?? 'everybody'}`,
      ...(reason === undefined ? [] : [`reason: ${reason}`]),
      ...(until === undefined ? [] : [`what was said against the signer since ${until} is not in the bundle`]),
    ].flatMap((line) => hanging('  ', style.text(printable(line)), style.columns)),
  ].join('\n');
}
