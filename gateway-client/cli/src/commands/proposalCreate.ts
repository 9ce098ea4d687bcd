import { ApplicationError, readExactText, requireNewFile } from '@tracecal/gateway-client/application';
import { CHANGED_BY_FILES } from '@tracecal/network/channel';
import { materialWith, newcomersOf } from '@tracecal/network/member';
import {
  createApproving,
  createAuthorities,
  createProposal,
  presentConfig,
  requireProposable,
  requireRunning,
} from '@tracecal/network/proposal';
import type { Proposal } from '@tracecal/network/proposal';
import { loadMsp, memberTree } from '@tracecal/network/pki';
import { parseConsortium } from '@tracecal/network/topology';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withOwnMember } from '../network/ownPeer.js';
import type { OwnMember } from '../network/ownPeer.js';
import { proposalJson, proposalWords } from '../view/proposalText.js';
import { NEWCOMER_FLAGS, NEWCOMER_HELP } from './memberAdopt.js';
import { givenFiles } from './memberFiles.js';
import { MOST_DESCRIPTION_BYTES } from './memberInit.js';
import { writeProposal } from './proposalFiles.js';

interface Options {
  readonly consortium?: string;
  readonly approving?: 'on' | 'off';
  readonly authorities?: boolean;
  readonly newcomer: readonly string[];
  readonly output: string;
}

export function proposalCreate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'create <channel>',
      description:
        "Write into a file how a channel's configuration becomes that of a changed description, for the administrators of its members to sign: its batches, members that leave, and members that join. Or let its readers approve chaincodes for a while, or take your own CAs from your files.",
      example: 'proposal create calibration --consortium changed.yaml -o proposal.json --as nmi-north',
      reads: true,
      configure: (command) =>
        command
          .option('--consortium <file>', 'the changed description of the consortium')
          .option(NEWCOMER_FLAGS, NEWCOMER_HELP, [])
          .addOption(
            new Option(
              '--approving <state>',
              "let the channel's readers approve definitions of chaincodes, or end this",
            )
              .choices(['on', 'off'])
              .conflicts(['consortium', 'newcomer', 'authorities']),
          )
          .addOption(
            new Option('--authorities', 'your own CAs as they are in your files (member rotate)').conflicts([
              'consortium',
              'newcomer',
            ]),
          )
          .requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal, ...place }, [channel = ''], { output, ...wanted }) {
        requireNewFile(output);
        const create = await creatorOf(wanted);
        const proposal = await withOwnMember(place, async (own) => {
          requireRunning(own.consortium, channel);
          return create(channel, await presentConfig(own, channel), own, place.data.crypto);
        });
        await writeProposal(output, proposal);
        terminal.result({ file: output, ...proposalJson(proposal) }, (style) =>
          [
            proposalWords(proposal, style),
            '',
            `${style.green('✓')} Written to ${output}. Each administrator signs it with ${style.hint('proposal sign FILE -o SIGNED')}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

type Creator = (
  channel: string,
  current: Awaited<ReturnType<typeof presentConfig>>,
  own: OwnMember,
  cryptoDir: string,
) => Proposal;

/** Reads what the user names before anything is asked. */
async function creatorOf({
  consortium: changed,
  newcomer,
  approving,
  authorities,
}: Omit<Options, 'output'>): Promise<Creator> {
  if (approving !== undefined) {
    return (channel, current, { consortium }) => createApproving(channel, current, consortium, approving === 'on');
  }
  if (authorities === true) {
    return (channel, current, { member }, cryptoDir) =>
      createAuthorities(channel, current, loadMsp(memberTree(cryptoDir, member).msp, member.mspId));
  }
  if (changed === undefined) {
    throw new ApplicationError(
      'USAGE',
      'Say what changes: --consortium FILE with the changed description, --approving, or --authorities.',
    );
  }
  const next = parseConsortium(await readExactText(changed, MOST_DESCRIPTION_BYTES), changed);
  const files = await givenFiles(newcomer);
  return (channel, current, { consortium }, cryptoDir) => {
    requireProposable(consortium, next);
    const material = materialWith(newcomersOf(consortium, next, files), cryptoDir);
    return createProposal(channel, current, { next, subjects: CHANGED_BY_FILES, material });
  };
}
