import { MAX_FINDINGS, MAX_FINDINGS_CHARACTERS } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import type { Finding } from '../model/index.js';

/** Characters that a finding adds to a request beside its own: its id, with its name and punctuation. */
const BESIDE = 80;

/** A finding that waits, and its place. */
export type Waiting = readonly [place: string, finding: Finding];

/** As many findings as one transaction can record, from the beginning of the list; one at least. */
export async function firstPage(waiting: AsyncIterable<Waiting>): Promise<readonly Waiting[]> {
  const page: Waiting[] = [];
  let left = MAX_FINDINGS_CHARACTERS - BESIDE;
  for await (const [place, finding] of waiting) {
    left -= canonicalJson(finding).length + BESIDE;
    if (page.length > 0 && left < 0) break;
    page.push([place, finding]);
    if (page.length === MAX_FINDINGS) break;
  }
  return page;
}
