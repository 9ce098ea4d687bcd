import { MAX_PROPOSED } from '@tracecal/core/contracts';
import type { AffectedDevice, Finding } from '@tracecal/core/contracts';
import { byDevice, chanceOfShare, cohortsOf, countIn, explaining, USUAL_FEWEST } from './cohort.js';
import type { Grouped, ShareOptions } from './cohort.js';
import { evidenceOf, idsOf, listDigest, oddsText, spanOf } from './evidence.js';

/** What the registry answers about a device: which others depend on it. `TraceCal.affectedDevices` is one. */
export type Affected = (device: string) => AsyncIterable<Pick<AffectedDevice, 'device' | 'current'>>;

export interface CheckStandard {
  readonly device: string;
  /** The organisation that owns it, and may suspend it. */
  readonly owner: string;
}

/**
 * Proposes to the owner of a check standard that is out of control to suspend it, with the devices that depend on it now.
 *
 * @param findings What shows that it is out of control: of its own control charts, or {@link commonStandards}. None: nothing is proposed.
 * @throws whatever the registry's answer throws: a proposal without its reach would look harmless
 */
export async function suspensionOf(
  { device, owner }: CheckStandard,
  findings: readonly Finding[],
  affected: Affected,
): Promise<Finding | undefined> {
  const own = findings.filter(({ subject }) => subject.kind === 'device' && subject.id === device);
  if (own.length === 0) return undefined;
  const found = new Set<string>();
  for await (const each of affected(device)) if (each.current && each.device !== device) found.add(each.device);
  const reached = [...found].sort();
  const reaches = reached.slice(0, MAX_PROPOSED);
  const names = [...new Set(own.map(({ name }) => name))].sort().join(', ');
  return {
    name: 'standard-out-of-control',
    subject: { kind: 'device', id: device },
    says: `Check standard ${device} is out of control (${names}): ${dependText(reached.length)}.`,
    evidence: evidenceOf([...idsOf(own), ...(reached.length > 0 ? [listDigest(reached)] : [])]),
    ...spanOf(own),
    proposes: { action: 'suspend', devices: [device], to: owner, ...(reaches.length > 0 && { reaches }) },
  };
}

function dependText(count: number): string {
  if (count === 0) return 'no device depends on it now';
  const listed = count > MAX_PROPOSED ? `, of which ${MAX_PROPOSED} are listed` : '';
  return `${count} ${count === 1 ? 'device depends' : 'devices depend'} on it now${listed}`;
}

export interface CommonStandardOptions extends ShareOptions {
  /** Probability of any false alarm in one look: 0.001 by default. */
  readonly falseAlarms?: number;
}

/**
 * Check standards with which more instruments disagree than chance explains: then the standard has changed, and not all of them. Each is a finding
 * about the standard.
 *
 * @param findings Of one period, about instruments of the fleet.
 */
export function commonStandards(
  fleet: readonly Grouped<'checkStandard'>[],
  findings: readonly Finding[],
  { falseAlarms = 0.001, ...options }: CommonStandardOptions = {},
): readonly Finding[] {
  const compared = fleet.filter(({ checkStandard }) => checkStandard !== undefined);
  const all = new Set(compared.map(({ device }) => device));
  const found = byDevice(compared, findings);
  const cohorts = cohortsOf(compared, ['checkStandard'], options.fewest ?? USUAL_FEWEST);
  const judged = explaining(cohorts, falseAlarms, chanceOfShare(all, found, options));
  return judged.map(({ cohort: { value, members }, chance }) => {
    const own = countIn(members, found);
    const evidence = [...members].flatMap((device) => found.get(device) ?? []);
    return {
      name: 'common-standard',
      subject: { kind: 'device', id: value },
      says:
        `${own} of ${members.size} instruments that are compared with ${value} have findings, ` +
        `and ${found.size - own} of ${all.size - members.size} others: chance does that ${oddsText(chance)}.`,
      evidence: evidenceOf(idsOf(evidence)),
      ...spanOf(evidence),
    };
  });
}
