import { findingId } from '@tracecal/core/contracts';
import type { Finding, Subject } from '@tracecal/core/contracts';
import type { Instant } from '@tracecal/core/model';
import { evidenceOf, spanOf } from './evidence.js';

/** A time that something states of itself, beside the time at which the monitor saw it. */
export interface StatedTime {
  /** A device whose values these are, or a peer whose blocks. */
  readonly source: Subject;
  /** Where it stands: sites are looked at together. */
  readonly site?: string;
  readonly stated: Instant;
  readonly seen: Instant;
  /** SHA-256 of what states it. */
  readonly evidence: string;
}

export interface ClockOptions {
  /** How far a time may lie ahead of the monitor's, and behind the one before: 300 s by default. */
  readonly toleranceSeconds?: number;
  /** Sources of one site whose clocks jump within an hour, which are the site's matter: 3 by default. */
  readonly fewestOfSite?: number;
}

const HOUR_MS = 3_600_000;

/**
 * Clocks that jump: times that lie ahead, and times that go back. Late values are no jump: a line may be down for days. A clock that goes slow,
 * or that was set back by less than the tolerance, is not seen.
 *
 * @param times Of each source in the order of its numbers.
 */
export function clockFindings(
  times: readonly StatedTime[],
  { toleranceSeconds = 300, fewestOfSite = 3 }: ClockOptions = {},
): readonly Finding[] {
  const sources = new Map<string, StatedTime[]>();
  for (const each of times) {
    const key = `${each.source.kind} ${each.source.id}`;
    const own = sources.get(key);
    if (own) own.push(each);
    else sources.set(key, [each]);
  }
  const jumps = [...sources.values()].flatMap((own) => jumpsOf(own, toleranceSeconds * 1000));
  return [...jumps.map(({ finding }) => finding), ...jumpsOfSites(jumps, fewestOfSite)];
}

interface Jump {
  readonly finding: Finding;
  readonly site: string | undefined;
  readonly seen: number;
}

function jumpsOf(own: readonly StatedTime[], tolerance: number): readonly Jump[] {
  return own.flatMap((now, index) => {
    const before = own[index - 1];
    const ahead = isAhead(now, tolerance) && !(before && isAhead(before, tolerance));
    if (ahead) return [jump(now, before, `states ${now.stated}, which lies ahead of ${now.seen}`)];
    const back = before !== undefined && Date.parse(before.stated) - Date.parse(now.stated) > tolerance;
    return back ? [jump(now, before, `goes back from ${before.stated} to ${now.stated}`)] : [];
  });
}

function isAhead({ stated, seen }: StatedTime, tolerance: number): boolean {
  return Date.parse(stated) - Date.parse(seen) > tolerance;
}

function jump(now: StatedTime, before: StatedTime | undefined, what: string): Jump {
  const moments = [now.stated, now.seen, ...(before ? [before.stated] : [])].sort();
  const { kind, id } = now.source;
  const finding: Finding = {
    name: 'clock-jump',
    subject: now.source,
    says: `The clock of ${kind} ${id} jumped: it ${what}.`,
    evidence: evidenceOf([now.evidence, ...(before ? [before.evidence] : [])]),
    from: moments[0] ?? now.stated,
    to: moments.at(-1) ?? now.stated,
    ...(kind === 'device' && { proposes: { action: 'quarantine', devices: [id] } }),
  };
  return { finding, site: now.site, seen: Date.parse(now.seen) };
}

/** Clocks of a site that jump together: somebody may have taken over the source of its time. */
function jumpsOfSites(jumps: readonly Jump[], fewest: number): readonly Finding[] {
  const sites = [...new Set(jumps.flatMap(({ site }) => site ?? []))].sort();
  return sites.flatMap((site) => {
    const own = jumps.filter((each) => each.site === site).sort((one, other) => one.seen - other.seen);
    return hoursOf(own).flatMap((hour) => {
      const sources = new Set(hour.map(({ finding }) => finding.subject.id));
      if (sources.size < fewest) return [];
      const findings = hour.map(({ finding }) => finding);
      return [
        {
          name: 'clock-jump',
          subject: { kind: 'site', id: site } as const,
          says: `The clocks of ${sources.size} sources at site ${site} jumped within an hour.`,
          evidence: evidenceOf(findings.map(findingId)),
          ...spanOf(findings),
        },
      ];
    });
  });
}

/** Jumps within an hour of the first of them. */
function hoursOf(jumps: readonly Jump[]): readonly (readonly Jump[])[] {
  const hours: Jump[][] = [];
  for (const each of jumps) {
    const last = hours.at(-1);
    if (last && each.seen - (last[0]?.seen ?? 0) <= HOUR_MS) last.push(each);
    else hours.push([each]);
  }
  return hours;
}
