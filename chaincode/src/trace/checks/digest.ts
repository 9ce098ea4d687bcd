import { payloadDigest } from '../../signing/index.js';
import { failed, holds } from './check.js';
import type { Check, OpenedReport } from './check.js';

export const digest: Check = {
  name: 'digest',
  proves: 'The report is, byte for byte, the one that its child names.',
  about: 'citation',
  examine({ child, cited }) {
    if (payloadDigest(cited.report.jws) !== cited.report.digest) {
      return failed(`The content of report ${cited.id} does not match its own digest.`);
    }
    return child === null || citedDigest(child, cited) === cited.report.digest
      ? holds
      : failed(`Report ${child.id} names report ${cited.id} with another digest than it has.`);
  },
};

function citedDigest(child: OpenedReport, cited: OpenedReport): string | undefined {
  const parent = child.payload.parents.find(
    (parent) => parent.kind === 'report' && parent.report === cited.id && parent.device === cited.file.device.id,
  );
  return parent?.kind === 'report' ? parent.digest : undefined;
}
