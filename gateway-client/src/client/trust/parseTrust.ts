import { IDENTIFIER, issueText, parseJson } from '@tracecal/core/model';
import { z } from 'zod';
import { TRUST_TYPE } from './trust.js';
import type { Trust, TrustedRoot } from './trust.js';

const MAX_ROOTS = 1000;

const schema = z.strictObject({
  type: z.literal(TRUST_TYPE, `must be "${TRUST_TYPE}"`),
  roots: z
    .array(
      z.strictObject({
        name: z.string().regex(IDENTIFIER, 'must be an id like "nmi-north"'),
        sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
      }),
    )
    .min(1, 'must name at least one root')
    .max(MAX_ROOTS, `must name at most ${MAX_ROOTS} roots`),
  heartbeats: z.strictObject({ k: z.int('must be a whole number') }),
});

/** @throws Error with a message that completes the sentence "The trust file cannot be used: ..." */
export function parseTrust(text: string): Trust {
  return checkedTrust(parseJson(text));
}

/** A trust that fulfils every condition of its type. @throws Error as {@link parseTrust} */
export function checkedTrust(value: unknown): Trust {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new Error(complaintOf(parsed.error.issues[0]));
  }
  const { type, roots, heartbeats } = parsed.data;
  refuseTwice(roots, 'name');
  refuseTwice(roots, 'sha256');
  if (heartbeats.k < 1 || heartbeats.k > roots.length) {
    throw new Error(`heartbeats.k is ${heartbeats.k}; with ${counted(roots)} it must be ${rangeTo(roots.length)}.`);
  }
  return { type, roots: roots.sort((a, b) => (a.name < b.name ? -1 : 1)), heartbeats };
}

/** Unknown members are refused: otherwise they would be ignored silently. */
function complaintOf(issue: z.core.$ZodIssue | undefined): string {
  const where = issue?.path.map(String).join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const place = where === '' ? 'section' : `member of ${where}`;
    return `this version knows no ${place} "${issue.keys[0] ?? ''}".`;
  }
  return `${where === '' ? 'the document' : where}: ${issue ? issueText(issue) : 'has the wrong shape'}.`;
}

function refuseTwice(roots: readonly TrustedRoot[], member: keyof TrustedRoot): void {
  const seen = new Set<string>();
  for (const root of roots) {
    if (seen.has(root[member])) {
      throw new Error(`two roots have the ${member} ${root[member]}.`);
    }
    seen.add(root[member]);
  }
}

function counted({ length }: readonly unknown[]): string {
  return length === 1 ? '1 root' : `${length} roots`;
}

function rangeTo(most: number): string {
  return most === 1 ? '1' : `a number from 1 to ${most}`;
}
