import { createHash } from 'node:crypto';
import { TraceCal } from '@tracecal/gateway-client';
import { certificateOf, reportFacts } from '@tracecal/gateway-client/application';
import type { ReportFacts } from '@tracecal/gateway-client/application';
import { writeCertificate } from '@tracecal/gateway-client/dcc';
import { ledgerOf } from '../support/ledgerOf.js';
import type { MemoryLedger } from '../support/memoryLedger.js';
import { RELAY } from '../support/registry.js';
import type { GoldenExport } from './fixtures.js';

/** The report that is kept as an exported certificate: errors, limits, a decision rule, a parent. */
const REPORT = 'oem-a/sensor-a-r1';

export function factsOf(ledger: MemoryLedger, report = REPORT): Promise<ReportFacts> {
  const reader = new TraceCal(ledgerOf(ledger, RELAY), 'registry', () => undefined);
  return reportFacts(reader, { has: () => Promise.resolve(false) }, report);
}

/** As `report export` writes it, but for the release of the program, which is another with every release. */
export function exportOf(facts: ReportFacts): GoldenExport {
  const software = { name: 'TraceCal', release: 'golden' };
  const file = Buffer.from(writeCertificate({ ...certificateOf(facts), software }));
  const digests = ['SHA-256', 'SHA-384', 'SHA-512'].map((procedure) => [
    procedure,
    createHash(procedure.toLowerCase().replace('-', '')).update(file).digest('hex'),
  ]);
  return {
    report: facts.id,
    file: file.toString('utf8'),
    digests: Object.fromEntries(digests) as Record<string, string>,
  };
}
