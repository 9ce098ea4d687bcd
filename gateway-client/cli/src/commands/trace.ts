import type { Verdict } from '@tracecal/core/trace';
import { freshnessOf, notesOn, relianceOn } from '@tracecal/gateway-client';
import type { Freshness, Reliance, TraceQuestion, Trust } from '@tracecal/gateway-client';
import { deviceAmong, registeredId, requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import { connect } from '@tracecal/gateway-client/replica';
import type { Place as ReplicaPlace } from '@tracecal/gateway-client/replica';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { exitOfVerdict } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import { freshnessLines } from '../view/freshnessLines.js';
import { noteLines } from '../view/noteLines.js';

import { pyramidSvg } from '../view/pyramid/pyramidSvg.js';
import { replicaNotes } from '../view/replicaText.js';
import { traceTree } from '../view/traceTree.js';
import { disclosureOption, disclosuresIn, unusedNotes } from './disclosureOptions.js';
import type { DisclosureOptions } from './disclosureOptions.js';
import { askedBy, questionOptions, verdictOptions } from './questionOptions.js';
import type { QuestionOptions } from './questionOptions.js';
import { traceInBucket } from './traceInBucket.js';
import { rootsAsked, trustForQuestion, trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions, QuestionOptions, DisclosureOptions {
  readonly maxAge?: number;
  readonly explain?: boolean;
  readonly svg?: string;
  readonly accept?: 'attested';
  readonly replica?: string;
  readonly bucket?: true;
}

export function trace(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'trace <device>',
      description: 'Does the calibration of this device trace, unbroken, to a National Metrology Institute?',
      example: 'trace sensor-17 --max-age 24h',
      reads: true,
      configure: (command) =>
        verdictOptions(
          disclosureOption(questionOptions(trustOption(command))).option(
            '--max-age <span>',
            'how old the newest heartbeats may be, of as many institutes as the trust file says, e.g. 24h',
            parse.span,
          ),
        )
          .addOption(
            new Option(
              '--replica <folder>',
              'ask the copy that `follow` keeps in this folder, and nobody else',
            ).conflicts(['as', 'profile']),
          )
          .addOption(
            new Option(
              '--bucket',
              'do not tell which device: ask for the verdicts about all devices of its bucket',
            ).conflicts([
              'replica',
              'maxAge',
              'explain',
              'svg',
              'quantity',
              'asOf',
              'knownAt',
              'interval',
              'at',
              'disclosure',
            ]),
          )
          .option('--svg <file>', 'draw the pyramid of its calibration into a new file'),
      async run(invocation, [given = ''], options) {
        const { terminal } = invocation;
        const { svg } = options;
        if (svg !== undefined) {
          requireNewFile(svg);
        }
        const trust = await trustForQuestion(options, invocation.data);
        if (options.bucket === true) {
          return traceInBucket(invocation, given, { trust, acceptAttested: options.accept === 'attested' });
        }
        const disclosures = await disclosuresIn(options);
        const question = { ...questionOf(options, trust), ...(disclosures.length > 0 && { disclosures }) };
        const { verdict, replica, asked } = await askedOf(invocation, options, given, { question, trust });
        if (svg !== undefined) {
          await writeNewFile(svg, pyramidSvg(verdict));
        }
        const wish = { acceptAttested: options.accept === 'attested' };
        const reliance = relianceOn(verdict, wish);
        const freshness = freshnessOf(verdict, question);
        const notes = [
          ...notesOn(verdict),
          ...unusedNotes(disclosures, verdict),
          ...asked,
          ...notAsked(options, trust),
          ...accepted(reliance),
        ];
        const drawn = svg === undefined ? [] : [`drawn: ${svg}`];
        // Reliance and notes depend on who asks, so they are not part of the verdict, which is the same for everybody.
        const beside = { reliance, notes, ...(freshness && { freshness }), ...(replica && { replica }) };
        terminal.result({ ...verdict, ...beside }, (style) =>
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

interface Answer {
  readonly verdict: Verdict;
  /** Of a replica: how far it has come. */
  readonly replica?: ReplicaPlace;
  /** Notes on who was asked. */
  readonly asked: readonly string[];
}

/** The question, and the trust that it comes from. */
interface Asking {
  readonly question: TraceQuestion;
  readonly trust: Trust | undefined;
}

function askedOf(invocation: Invocation, { replica }: Options, given: string, by: Asking): Promise<Answer> {
  return replica === undefined
    ? withSession(invocation, async (session) => {
        const device = await registeredId(session, 'device', given);
        return { verdict: await (await session.reader()).traceCal(device, by.question), asked: [] };
      })
    : askedOfReplica(replica, invocation.timeoutMs, given, by);
}

async function askedOfReplica(
  folder: string,
  timeoutMs: number,
  given: string,
  { question, trust }: Asking,
): Promise<Answer> {
  const reader = await connect({ replica: folder, timeoutMs, ...(trust?.channel && { trust }) });
  try {
    const device = deviceAmong(given, await reader.devicesNamed(given));
    const verdict = await reader.traceCal(device, question);
    const replica = await reader.place();
    return { verdict, replica, asked: replicaNotes(folder, replica, verdict) };
  } finally {
    await reader.close();
  }
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
    ...(trust && (maxAge === undefined ? rootsAsked(trust) : { roots: trust })),
  };
}
