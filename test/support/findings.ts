import { createHash } from 'node:crypto';
import { findingId } from '@tracecal/core/contracts';
import type { Finding, IdentifiedFinding } from '@tracecal/core/contracts';

/** A digest, as evidence has one. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A finding about a device; each text leads to another one. */
export function findingOf(text: string, more: Partial<Finding> = {}): Finding {
  return {
    name: 'drift',
    subject: { kind: 'device', id: 'oem-a/sensor-a' },
    says: `Values drift: ${text}.`,
    evidence: [digest(text)],
    from: '2026-03-01T09:00:00Z',
    to: '2026-03-01T10:00:00Z',
    ...more,
  };
}

/** The same under its id. */
export function identified(finding: Finding): IdentifiedFinding {
  return { id: findingId(finding), ...finding };
}
