import { freshnessOf, notesOn, relianceOn, trustedRoots } from '@tracecal/gateway-client';
import type { Freshness, Reliance, TraceQuestion, Trust } from '@tracecal/gateway-client';
import { registeredId, requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { exitOfVerdict } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import { freshnessLines } from '../view/freshnessLines.js';
import { noteLines } from '../view/noteLines.js';
import { pyramidSvg } from '../view/pyramid/pyramidSvg.js';
import { traceTree } from '../view/traceTree.js';
import { askedBy, questionOptions } from './questionOptions.js';
import type { QuestionOptions } from './questionOptions.js';
import { trustForQuestion, trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions, QuestionOptions {
  readonly maxAge?: number;
  readonly explain?: boolean;
  readonly svg?: string;
  readonly accept?: 'attested';
}

export function trace(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'trace <device>',
      description: 'Does the calibration of this device trace, unbroken, to a National Metrology Institute?',
      example: 'trace sensor-17 --max-age 24h',
      reads: true,
      configure: (command) =>
        questionOptions(trustOption(command))
          .option(
            '--max-age <span>',
            'how old the newest heartbeats may be, of as many institutes as the trust file says, e.g. 24h',
            parse.span,
          )
          .option('--explain', 'show what every check compared, also where it holds')
          .addOption(
            new Option(
              '--accept <status>',
              "exit code 0 also for an ATTESTED verdict: you then accept somebody's word",
            ).choices(['attested']),
          )
          .option('--svg <file>', 'draw the pyramid of its calibration into a new file'),
      async run({ terminal, ...place }, [given = ''], options) {
        const { svg } = options;
        if (svg !== undefined) {
          requireNewFile(svg);
        }
        const trust = await trustForQuestion(options, place.data);
        const question = questionOf(options, trust);
        const verdict = await withSession(place, async (session) => {
          const device = await registeredId(session, 'device', given);
          return (await session.reader()).traceCal(device, question);
        });
        if (svg !== undefined) {
          await writeNewFile(svg, pyramidSvg(verdict));
        }
        const wish = { acceptAttested: options.accept === 'attested' };
        const reliance = relianceOn(verdict, wish);
        const freshness = freshnessOf(verdict, question);
        const notes = [...notesOn(verdict), ...notAsked(options, trust), ...accepted(reliance)];
        const drawn = svg === undefined ? [] : [`drawn: ${svg}`];
        // Reliance and notes depend on who asks, so they are not part of the verdict, which is the same for everybody.
        terminal.result({ ...verdict, reliance, notes, ...(freshness && { freshness }) }, (style) =>
          [
            traceTree(verdict, style),
            ...missingFreshness(reliance, freshness).flatMap((line) => noteLines(`  ${line}`, style)),
            ...[...notes, ...drawn].flatMap((line) => noteLines(`  ${line}`, style).map(style.dim)),
          ].join('\n'),
        );
        return exitOfVerdict(verdict, wish);
      },
    },
    host,
  );
}

function accepted({ by }: Reliance): readonly string[] {
  return by === 'asker' ? ["accepted by request: ATTESTED rests on somebody's word, and --accept takes it"] : [];
}

function missingFreshness({ lacks }: Reliance, freshness: Freshness | undefined): readonly string[] {
  return lacks === 'freshness' && freshness ? freshnessLines(freshness) : [];
}

/** A requirement of the trust file that applies only if an age is given. */
function notAsked({ maxAge }: Options, trust: Trust | undefined): readonly string[] {
  return trust && maxAge === undefined
    ? [`not checked: how fresh this is; --max-age asks for recent heartbeats of ${trust.heartbeats.k} of your roots`]
    : [];
}

function questionOf({ maxAge, explain, ...options }: Options, trust: Trust | undefined): TraceQuestion {
  return {
    ...askedBy(options),
    ...(maxAge !== undefined && { maxAgeSeconds: maxAge }),
    ...(explain === true && { explain }),
    ...(trust && { roots: maxAge === undefined ? trustedRoots(trust) : trust }),
  };
}
