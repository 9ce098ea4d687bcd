import type { ReportBody, Result } from '@tracecal/core/model';
import type { Hierarchy, Item, ReportSpec } from '../../support/hierarchy.js';

/** A report whose signed body says more than the builder's. */
export function fullReport(
  hierarchy: Hierarchy,
  spec: ReportSpec,
  more: Partial<ReportBody> | ((body: ReportBody) => Partial<ReportBody>),
): Item {
  const { body, ...payload } = hierarchy.payload(spec);
  const statement = { ...payload, body: { ...body, ...(typeof more === 'function' ? more(body) : more) } };
  const results = hierarchy.openOf(payload.subject.id);
  return hierarchy.file(statement, hierarchy.sign(statement, spec.signers), { ...spec, results });
}

/** A device with its first calibration. Returns the report. */
export async function calibrated(
  hierarchy: Hierarchy,
  { id, technician, kind, by, ...report }: CalibratedSpec,
): Promise<string> {
  await hierarchy.addDevice({ id, technician, ...(kind && { kind }) });
  hierarchy.addReport({ id: `${id}-r1`, device: id, technician: by ?? technician, ...report });
  return `${id}-r1`;
}

export interface CalibratedSpec extends Partial<
  Pick<ReportSpec, 'parents' | 'performed' | 'issued' | 'accepted' | 'sealed'>
> {
  readonly id: string;
  /** Who imprints it. */
  readonly technician: string;
  readonly kind?: 'standard' | 'field';
  /** Who calibrates it; by default the same. */
  readonly by?: string;
  readonly results: readonly Result[];
}
