import { payloadDigest } from '../../signing/index.js';
import { failed, holds } from './check.js';
import type { Check, OpenedReport } from './check.js';

/** The report is, byte for byte, the one that what relies on it names. */
export const digest: Check = {
  name: 'digest',
  about: 'citation',
  examine({ reliant, cited }) {
    if (payloadDigest(cited.record.jws) !== cited.record.digest) {
      return failed(`The content of report ${cited.id} does not match its own digest.`);
    }
    return reliant === null || citedDigest(reliant, cited) === cited.record.digest
      ? holds
      : failed(`Report ${reliant.id} names report ${cited.id} with another digest than it has.`);
  },
};

function citedDigest(reliant: OpenedReport, cited: OpenedReport): string | undefined {
  const parent = reliant.payload.parents.find(
    (parent) => parent.kind === 'report' && parent.report === cited.id && parent.device === cited.file.device.id,
  );
  return parent?.kind === 'report' ? parent.digest : undefined;
}
