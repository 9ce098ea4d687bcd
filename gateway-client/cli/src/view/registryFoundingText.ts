import type { FoundingInstitute, FoundingState } from '@tracecal/gateway-client/application';
import type { Style } from '../style.js';
import { table } from './table.js';

/** What a founding statement says, and who has signed it. */
export function foundingStateText({ registry, date, policy, institutes }: FoundingState, style: Style): string {
  const columns = [
    { title: 'institute', of: ({ id }: FoundingInstitute) => id },
    { title: 'SHA-256 of its root', of: ({ certificateSha256 }: FoundingInstitute) => certificateSha256 },
    { title: 'signature', of: ({ hasSigned }: FoundingInstitute) => (hasSigned ? 'holds' : 'missing') },
  ];
  const { transcriptionDays, accreditors } = policy;
  return [
    `Registry ${style.bold(registry)}, ${date}`,
    `Reports count as transcriptions after ${transcriptionDays} days; accreditations come from: ${accreditors}.`,
    '',
    table(columns, institutes, style),
  ].join('\n');
}

/** Who still has to sign. */
export function missingFrom({ institutes }: FoundingState): readonly string[] {
  return institutes.filter(({ hasSigned }) => !hasSigned).map(({ id }) => id);
}
