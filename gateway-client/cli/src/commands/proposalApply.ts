import { applyProposal } from '@tracecal/network/proposal';
import type { Applied } from '@tracecal/network/proposal';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withOwnMember } from '../network/ownPeer.js';
import type { Style } from '../style.js';
import { needsLines } from '../view/proposalText.js';
import { proposalIn } from './proposalFiles.js';

export function proposalApply(host: Host): Command {
  return commandOf(
    {
      usage: 'apply <file>',
      description:
        'Hand a proposal to the orderers if enough have signed it, and wait until the own peer has the new configuration. May be run again: what is applied already is left as it is. Exit code 5 while signatures are missing.',
      example: 'proposal apply merged.json --as nmi-north',
      reads: true,
      async run({ terminal, timeoutGiven, ...place }, [file = '']) {
        const proposal = await proposalIn(file);
        const applied = await withOwnMember(place, (own) =>
          applyProposal(proposal, own, timeoutGiven ? place.timeoutMs : undefined),
        );
        terminal.result({ channel: proposal.channel, ...applied }, (style) => words(proposal.channel, applied, style));
        return applied.outcome === 'missing' ? EXIT.incomplete : EXIT.yes;
      },
    },
    host,
  );
}

function words(channel: string, applied: Applied, style: Style): string {
  switch (applied.outcome) {
    case 'missing':
      return needsLines(applied.needs, style).join('\n');
    case 'already':
      return `${channel} has this change already: it has configuration ${applied.sequence}.`;
    case 'applied':
      return `${style.green('✓')} ${channel} has configuration ${applied.sequence}. Every member puts the changed description in the place of its consortium.yaml before it starts its nodes again.`;
  }
}
