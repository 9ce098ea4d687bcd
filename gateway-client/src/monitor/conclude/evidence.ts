import { findingId, MAX_EVIDENCE, MAX_PROPOSED } from '@tracecal/core/contracts';
import type { Finding, Proposed } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';

/**
 * Digests in one order, each once. Where a finding has no room for all of them, it holds one: the SHA-256 of the sorted list as canonical JSON.
 */
export function evidenceOf(digests: Iterable<string>): readonly string[] {
  const sorted = [...new Set(digests)].sort();
  return sorted.length > MAX_EVIDENCE ? [listDigest(sorted)] : sorted;
}

/** SHA-256 of a list of texts as canonical JSON. */
export function listDigest(texts: readonly string[]): string {
  return sha256(canonicalJson([...texts]));
}

/** The ids of findings, as evidence of another one. */
export function idsOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(findingId);
}

/** The earliest and the latest moment that findings are about. @param findings At least one. */
export function spanOf(findings: readonly Finding[]): Pick<Finding, 'from' | 'to'> {
  const from = findings.map((finding) => finding.from).sort();
  const to = findings.map((finding) => finding.to).sort();
  return { from: from[0] ?? '', to: to.at(-1) ?? '' };
}

/** A finding that proposes something about many devices: several findings where one has no room for all of them. */
export function proposing(finding: Finding, action: Proposed['action'], devices: Iterable<string>): readonly Finding[] {
  const sorted = [...new Set(devices)].sort();
  const parts = Math.ceil(sorted.length / MAX_PROPOSED);
  return Array.from({ length: parts }, (_, part) => ({
    ...finding,
    says: parts === 1 ? finding.says : `${finding.says} Part ${part + 1} of ${parts}.`,
    proposes: { action, devices: sorted.slice(part * MAX_PROPOSED, (part + 1) * MAX_PROPOSED) },
  }));
}

const RAREST = 1_000_000;

/** A probability in words, with two digits: the same evidence has to lead to the same sentence on every machine. */
export function oddsText(chance: number): string {
  const times = 1 / chance;
  if (!(times < RAREST)) return `less than once in ${RAREST.toLocaleString('en')} looks`;
  return `once in ${Number(times.toPrecision(2)).toLocaleString('en')} looks`;
}
