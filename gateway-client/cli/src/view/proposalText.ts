import { changeWords, consequences, hasEnough, needsOf } from '@tracecal/network/proposal';
import type { ChangeWords, Need, Proposal } from '@tracecal/network/proposal';
import type { Style } from '../style.js';
import { table } from './table.js';

/** A proposal as a document: what it changes and who has to sign, from its bytes. */
export function proposalJson(proposal: Proposal) {
  const needs = needsOf(proposal);
  return {
    channel: proposal.channel,
    configuration: proposal.config.sequence,
    digest: proposal.digest,
    changes: changeWords(proposal.effect.changes),
    consequences: consequences(proposal),
    signatures: proposal.signatures.map(({ mspId, signer }) => ({ mspId, signer })),
    needs,
    isComplete: hasEnough(needs),
  };
}

/** A proposal in plain words. */
export function proposalWords(proposal: Proposal, style: Style): string {
  const needs = needsOf(proposal);
  const then = consequences(proposal);
  return [
    `A proposal for ${style.bold(proposal.channel)}, made for its configuration ${proposal.config.sequence}.`,
    `Its digest is ${style.bold(proposal.digest)}.`,
    '',
    ...changeWords(proposal.effect.changes).flatMap((change) => changeLines(change, style)),
    '',
    ...(then.length === 0 ? [] : [...then, '']),
    ...needsLines(needs, style),
  ].join('\n');
}

/** Who must sign, and who has. */
export function needsLines(needs: readonly Need[], style: Style): readonly string[] {
  const columns = [
    { title: 'policy', of: ({ policy }: Need) => policy },
    { title: 'satisfied', of: ({ isSatisfied }: Need) => (isSatisfied ? 'yes' : 'no') },
    { title: 'signed', of: ({ signed }: Need) => signed.join(', ') || '-' },
    { title: 'not signed', of: ({ open }: Need) => open.join(', ') || '-' },
  ];
  return [
    table(columns, needs, style),
    '',
    hasEnough(needs)
      ? `${style.green('✓')} Enough have signed: ${style.hint('proposal apply FILE')}.`
      : 'More signatures are needed before it can be applied.',
  ];
}

function changeLines({ where, what, how, details, isFull }: ChangeWords, style: Style): readonly string[] {
  const hidden = isFull ? [] : [`    ${style.red('cannot be shown in full: nobody should sign it')}`];
  return [`${where} (${what}) is ${how}`, ...details.map((detail) => `    ${detail}`), ...hidden];
}
