import { foundingFingerprint } from '@tracecal/network/member';
import type { Agreement, Founding, MemberWord } from '@tracecal/network/member';
import type { Style } from '../style.js';
import { table } from './table.js';

/** A founding as a document, without the blocks themselves. */
export function foundingJson({ blocks, ...founding }: Founding) {
  const channels = Object.fromEntries(blocks.map(({ channel, digest }) => [channel, digest]));
  return { ...founding, channels };
}

/** The genesis blocks of a founding by their digests, and what to compare. */
export function foundingLines({ blocks, fingerprint }: Founding, style: Style): readonly string[] {
  const columns = [
    { title: 'channel', of: ({ channel }: (typeof blocks)[number]) => channel },
    { title: 'digest of its genesis block', of: ({ digest }: (typeof blocks)[number]) => digest },
  ];
  return [table(columns, blocks, style), '', `The fingerprint of all is ${style.bold(fingerprint)}.`];
}

/** Who has signed what. */
export function agreementText({ founding, members, isComplete }: Agreement, style: Style): string {
  const columns = [
    { title: 'member', of: ({ member }: MemberWord) => member },
    { title: 'says', of: wordText },
  ];
  const conclusion = isComplete
    ? `${style.green('✓')} All members have signed ${style.bold(founding.fingerprint)}. Start your nodes: ${style.hint('member up --detach')}.`
    : `Not all members have signed ${style.bold(founding.fingerprint)}: start no node before they have.`;
  return [table(columns, members, style), '', conclusion].join('\n');
}

function wordText({ member, word, foundings }: MemberWord): string {
  switch (word) {
    case 'signed':
      return 'has signed the same';
    case 'missing':
      return `has not signed: ask ${member} for its signature`;
    case 'other-founding':
      return `has signed ${foundings.map(foundingFingerprint).join()}: somebody gave you and ${member} different files, so compare all of them`;
    case 'other-description':
      return 'has another description of the consortium: compare consortium.yaml';
    case 'other-key':
      return `was signed with another key than in its file here: ask ${member} for its file again, and where yours came from`;
    case 'contradicting':
      return `has signed different ones: ${foundings.map(foundingFingerprint).join(' and ')}; keep both files, and ask ${member}`;
  }
}
