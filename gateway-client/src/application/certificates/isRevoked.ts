import type { ReportAnswer } from '@tracecal/core/contracts';
import { isKind } from '@tracecal/core/model';
import { readStatement } from '../../client/index.js';

/** Whether a report was revoked, which is for good. */
export function isRevoked({ record }: ReportAnswer): boolean {
  return record.impediments.some(({ jws }) => isKind(readStatement(jws), 'revocation'));
}
