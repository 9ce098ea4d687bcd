import type {
  Finding,
  HeldFinding,
  Instrument,
  InstrumentHealth,
  Observed,
  PageOf,
  Slice,
  WholeData,
} from '@tracecal/monitor';

export const TIME = '2026-03-01T12:00:00Z';
export const NOW = Date.parse(TIME);

export function sliceOf(given: Partial<Slice> = {}): Slice {
  return {
    operator: 'operator-a',
    may: ['read', 'measurements', 'findings', 'probe', 'issue', 'observe', 'delegate'],
    quotas: { probesPerDay: 1000, bytesPerDay: 10_000_000, devices: 1000 },
    probeLimits: { leastSecondsBetween: 0, largestOutput: 100 },
    ...given,
  };
}

export function instrumentOf(device: string, given: Partial<Instrument> = {}): Instrument {
  return { device, operator: 'operator-a', site: 'site-a', department: 'kiln', kind: 'thermometer', ...given };
}

/** All that a monitor has, in memory. */
export class MemoryData implements WholeData {
  readonly list: Instrument[];
  readonly held: HeldFinding[] = [];
  readonly probed: string[] = [];

  constructor(instruments: readonly Instrument[]) {
    this.list = [...instruments].sort((one, other) => (one.device < other.device ? -1 : 1));
  }

  hold(finding: Finding, operator?: string): void {
    const before = this.held.filter((each) => each.operator === operator).length;
    const key = `${finding.to}/${String(before).padStart(6, '0')}`;
    this.held.push({ key, finding, ...(operator !== undefined && { operator }) });
  }

  instrument(device: string): Promise<Instrument | undefined> {
    return Promise.resolve(this.list.find((each) => each.device === device));
  }

  async *instruments(operator: string, after = ''): AsyncGenerator<Instrument> {
    yield* await Promise.resolve(this.list.filter((each) => each.operator === operator && each.device > after));
  }

  async *measurements(
    device: string,
    { after = '', limit }: PageOf,
  ): AsyncGenerator<{ key: string; observed: Observed }> {
    const all = Array.from({ length: 5 }, (_, n) => ({ key: String(n), observed: observedOf(device, n) }));
    yield* await Promise.resolve(all.filter(({ key }) => key > after).slice(0, limit));
  }

  async *findings(operator: string, after = ''): AsyncGenerator<HeldFinding> {
    yield* await Promise.resolve(this.held.filter((each) => each.operator === operator && each.key > after));
  }

  health(): Promise<InstrumentHealth> {
    return Promise.resolve({
      observations: 5,
      last: TIME,
      used: 0.4,
      findings: [{ name: 'drift', says: 'It drifts.' }],
    });
  }

  probe(device: string, output?: number): Promise<Observed> {
    this.probed.push(device);
    return Promise.resolve({ ...observedOf(device, output ?? 0), source: 'probed' });
  }
}

function observedOf(device: string, value: number): Observed {
  const reference = { value, expanded: 0.1, coverageFactor: 2, device: 'rival-b/secret-standard' };
  return { device, source: 'sent', time: TIME, unit: '\\degreecelsius', value, reference, evidence: '0'.repeat(64) };
}

export function findingOf(device: string, given: Partial<Finding> = {}): Finding {
  return {
    name: 'drift',
    subject: { kind: 'device', id: device },
    says: `${device} drifts by 0.1 a year.`,
    evidence: ['1'.repeat(64)],
    from: TIME,
    to: TIME,
    ...given,
  };
}
