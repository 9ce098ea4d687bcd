import { committedJson } from '../../view/committed.js';
import type { FieldStory, Proved } from './fieldStory.js';

/** The `tracecal demo --field --json` document. */
export function fieldDocument(story: FieldStory) {
  const { revoked, proved, provedAfter, ...others } = story;
  const { committed, ...revocation } = revoked;
  return {
    ...others,
    proved: proofDocument(proved),
    revoked: { ...revocation, ...committedJson(committed) },
    provedAfter: proofDocument(provedAfter),
  };
}

function proofDocument({ file, bytes, report: { measurement, root, verdict, notChecked }, anchored }: Proved) {
  const { device, status, reason } = verdict;
  return { file, bytes, measurement, root, anchored, device, status, reason, notChecked };
}
