import { RegistryError } from '../model/index.js';
import type { DeviceFile } from '../model/index.js';
import { payloadOf } from '../trace/index.js';
import type { Foundation } from './keys.js';

/**
 * Everything that one of a device's reports rests on directly, as a trace sees it: its parents; its technician and
 * organisation; those that imprinted the device; and the report that amends it, which then counts in its place.
 */
export function foundationsOf({ device, reports }: DeviceFile, report: string): readonly Foundation[] {
  const filed = Object.hasOwn(reports, report) ? reports[report] : undefined;
  const payload = filed && payloadOf(filed);
  if (!filed || !payload || payload instanceof RegistryError) {
    return [];
  }
  const foundations: Foundation[] = [
    ...payload.parents.flatMap((parent) => (parent.kind === 'report' ? [reportOf(parent.report)] : [])),
    ...(filed.supersededBy === null ? [] : [reportOf(filed.supersededBy)]),
    { kind: 'technician', id: payload.technician },
    { kind: 'technician', id: device.technician },
    { kind: 'organisation', id: payload.organisation },
    { kind: 'organisation', id: device.organisation },
  ];
  return foundations.filter(
    ({ kind, id }, index) => foundations.findIndex((other) => other.kind === kind && other.id === id) === index,
  );
}

function reportOf(id: string): Foundation {
  return { kind: 'report', id };
}
