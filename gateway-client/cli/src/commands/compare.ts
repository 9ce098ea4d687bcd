import { join } from 'node:path';
import { instantOf } from '@tracecal/core/model';
import { inForce, readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import { ApplicationError, compareMembers } from '@tracecal/gateway-client/application';
import type { MemberHead, MemberLog, MembersCompared, Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { noteLines } from '../view/noteLines.js';
import { tableLines } from '../view/table.js';
import { trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly peers?: readonly string[];
  readonly log?: readonly string[];
  readonly evidence?: string;
}

export function compare(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'compare',
      description:
        "Compare what several members' peers have sealed and signed. Two digests of one epoch are kept as evidence that somebody was shown another ledger (exit code 1).",
      example: 'compare --peers nmi-north,lab-alpha,oem-a',
      reads: true,
      configure: (command) =>
        trustOption(command)
          .option(
            '--peers <organisations>',
            'whose peers are asked (default: all members whose identities are here)',
            parse.list,
          )
          .option('--log <folder...>', 'change logs that other members have published, to compare as well')
          .option(
            '--evidence <folder>',
            'where contradicting logs are kept (default: a new folder in the data directory)',
          ),
      async run(invocation, _, options) {
        const { terminal, data } = invocation;
        const asOf = instantOf(Date.now());
        const evidence = options.evidence ?? join(data.root, 'compared', asOf.replaceAll(':', ''));
        const roots = trustedRoots(inForce(await readTrustFile(trustPath(options, data))));
        const published = (options.log ?? []).map((folder): MemberLog => ({ member: folder, log: { folder } }));
        const compared = await withSession(
          invocation,
          async (session) =>
            compareMembers([...(await peersOf(session, options.peers)), ...published], evidence, { roots, asOf }),
          'each',
        );
        terminal.result({ ...compared, evidence: compared.contradicts ? evidence : null }, (style) =>
          describe(compared, evidence, style),
        );
        return compared.contradicts ? EXIT.failed : compared.isComplete ? EXIT.yes : EXIT.trouble;
      },
    },
    host,
  );
}

/** Members whose identities are here, unless some are named. */
async function peersOf(session: Session, named: readonly string[] | undefined): Promise<readonly MemberLog[]> {
  const { writers, readers } = session.channel;
  const peers: MemberLog[] = [];
  for (const member of named ?? new Set([...writers, ...readers])) {
    try {
      const client = await session.as(member);
      peers.push({ member, log: () => Promise.resolve(client) });
    } catch (error) {
      const isElsewhere = named === undefined && error instanceof ApplicationError;
      if (!isElsewhere) throw error;
    }
  }
  return peers;
}

function describe({ members, contradicts, isComplete }: MembersCompared, evidence: string, style: Style): string {
  return [
    ...tableLines(['member', 'sealed up to', 'digest', 'compared'], members.map(cells), style),
    ...(contradicts
      ? noteLines(
          `Somebody was shown another ledger. The logs are kept in ${evidence}: show them to the other members.`,
          style,
        ).map(style.red)
      : [isComplete ? 'They agree.' : style.red('Those that could be read agree. Some could not be read.')]),
  ].join('\n');
}

function cells({ member, head, comparison, unread, contradiction }: MemberHead): readonly string[] {
  const [epoch, digest] = head === null ? ['-', '-'] : [epochWords(head.epoch), head.digest.slice(0, 16)];
  return [member, epoch, digest, unread ?? contradiction ?? comparedWords(comparison)];
}

function epochWords(epoch: number): string {
  return epoch < 0 ? 'nothing sealed' : `epoch ${epoch}`;
}

function comparedWords(comparison: MemberHead['comparison']): string {
  if (comparison === null) return 'the others are compared with it';
  const { same, fork } = comparison;
  if (fork !== null) return `differs in epoch ${fork.epoch}: ${fork.digests.join(' and ')}`;
  return same === null ? 'no signed epoch in common' : `the same up to epoch ${same}`;
}
