import type { Instant } from '@tracecal/core/model';
import { requireNewFile, subjectAmong, subjectOf, writeNewFile } from '@tracecal/gateway-client/application';
import { auditOf, auditPage } from '@tracecal/gateway-client/audit';
import type { Audited, AuditOptions } from '@tracecal/gateway-client/audit';
import { connect, readPin } from '@tracecal/gateway-client/replica';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import { interruptible } from '../network/interruption.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import { auditText } from '../view/auditText.js';
import { progressText } from '../view/replicaText.js';
import { channelSource } from './channelSource.js';
import { kindOption, kindsOf } from './kinds.js';
import type { KindWord } from './kinds.js';
import { channelTrust, rootsAsked, trustForQuestion, trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly kind?: KindWord;
  readonly replica?: string;
  readonly peers?: readonly string[];
  readonly genesis?: string;
  readonly knownAt?: Instant;
  readonly provenance?: true;
  readonly page?: string;
  readonly evidence?: string;
}

const HELP = `
Every block from the first one on is read and verified as \`follow\` verifies it. With --replica nobody is asked: the replica has to keep whole blocks (\`follow FOLDER --keep-blocks\`). What the registry refused before a transaction was made is on no ledger, and so not shown.

--evidence writes the audit with the blocks that it follows from. Anybody checks that file with \`proof verify FILE --trust FILE --log FOLDER\`. Two audits of different times are compared with \`audit compare\`.`;

export function audit(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'audit <id>',
      description:
        'All that ever happened to a device, report, person or organisation: each transaction with its block, time, submitter, endorsers, signers and validity, from verified blocks.',
      example: 'audit sensor-17 --known-at 2026-03-01 --page sensor-17.html --evidence sensor-17.evidence.json',
      reads: true,
      configure: (command) =>
        // `audit compare` has some options of the same names.
        trustOption(command.enablePositionalOptions().addOption(kindOption()))
          .addOption(
            new Option(
              '--replica <folder>',
              'read the blocks that `follow --keep-blocks` keeps in this folder, and ask nobody',
            ).conflicts(['as', 'profile', 'peers', 'genesis']),
          )
          .option('--peers <organisations>', 'whose peers are read and compared (default: of --as)', parse.list)
          .option('--genesis <hash>', "hash of the channel's first block, or a file with a configuration block")
          .option('--known-at <date>', 'show the verdict by what the ledger held then beside that of today', parse.asOf)
          .option('--provenance', 'of a device: its maker, its owners, and where it was calibrated')
          .option('--page <file>', 'write the audit into a new HTML file that prints')
          .option('--evidence <file>', 'write the audit with its blocks into a new file, for `proof verify`')
          .addHelpText('after', HELP),
      async run(invocation, [given = ''], options) {
        const { page, evidence } = options;
        for (const file of [page, evidence]) if (file !== undefined) requireNewFile(file);
        const audited = await interruptible((signal) => auditedBy(invocation, given, options, signal));
        const { audit: found } = audited;
        if (page !== undefined) await writeNewFile(page, auditPage(found));
        if (evidence !== undefined) await writeNewFile(evidence, audited.evidence());
        const written = [page, evidence].filter((file) => file !== undefined);
        invocation.terminal.result(found, (style) => auditText(found, written, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

async function auditedBy(
  invocation: Invocation,
  given: string,
  options: Options,
  signal: AbortSignal,
): Promise<Audited> {
  const { replica, knownAt, provenance = false } = options;
  const kinds = kindsOf(options.kind);
  const trust = await trustForQuestion(options, invocation.data);
  const channel = await channelTrust(options, invocation.data);
  const asked: Omit<AuditOptions, 'subject' | 'from'> = {
    ...(knownAt !== undefined && { knownAt }),
    ...(trust && { question: rootsAsked(trust) }),
    provenance,
    signal,
  };
  if (replica !== undefined) {
    const reader = await connect({
      replica,
      timeoutMs: invocation.timeoutMs,
      ...(channel?.channel && { trust: channel }),
    });
    const subject = await reader
      .subjectsNamed(given)
      .then((subjects) => subjectAmong(given, kinds, subjects))
      .finally(() => reader.close());
    return auditOf({ subject, from: { replica }, ...asked });
  }
  const pin = options.genesis === undefined ? undefined : await readPin(options.genesis);
  const { terminal, timeoutMs: patienceMs } = invocation;
  const beginning = performance.now();
  return withSession(
    invocation,
    async (session) => {
      const subject = await subjectOf(session, given, kinds);
      const from = {
        ...(await channelSource(invocation, session, options.peers ?? [])),
        ...(channel && { trust: channel }),
        ...(pin && { pin }),
        patienceMs,
        onProgress: (progress: Parameters<typeof progressText>[0]) => {
          terminal.progress(progressText(progress, (performance.now() - beginning) / 1000));
        },
      };
      return auditOf({ subject, from, ...asked });
    },
    'each',
  );
}
