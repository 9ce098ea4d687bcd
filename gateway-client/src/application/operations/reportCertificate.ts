import { canonicalJson, proposeKind } from '@tracecal/core/model';
import type { Result } from '@tracecal/core/model';
import { draftCertificate, readCertificate } from '../../dcc/index.js';
import type { DraftResult, NewCertificate, NewContact, NewParent, NewStatement } from '../../dcc/index.js';
import { versionOf } from '../version.js';
import type { NamedOrganisation, ReportFacts, Standard } from './reportFacts.js';
import { resultColumns } from './resultColumns.js';

/** A registered report as a digital calibration certificate. It is not the original: it contains what the ledger holds. */
export function certificateOf(facts: ReportFacts): NewCertificate {
  const { id, body, laboratory, owner, device, registry } = facts;
  const { performed, issued, technician, place, accredited, supersedes } = body;
  const methods = [...new Set(facts.results.flatMap(({ methods: names = [] }) => names))];
  return {
    remark: `Written from report ${id} on the ledger of registry ${registry}. It is not the original certificate.`,
    software: { name: 'TraceCal', release: versionOf() },
    uniqueIdentifier: numberOf(id),
    country: laboratory.country,
    language: 'en',
    performed,
    performedAt: place === 'on-site' ? 'customer' : 'laboratory',
    issued,
    ...(supersedes && { amends: numberOf(supersedes.report) }),
    ...(accredited && { accreditation: accredited.number ?? accredited.body ?? 'not stated' }),
    item: { name: device.model, manufacturer: device.manufacturer, model: device.model, serial: device.serial },
    laboratory: contactOf(laboratory),
    customer: contactOf(owner),
    persons: [{ name: technician, role: 'Technician' }],
    statements: statementsOf(facts),
    methods: methods.map((name) => ({ name })),
    parents: facts.standards.map(parentOf),
    conditions: [],
    results: facts.results.filter(({ asFound }) => !asFound).map(resultColumns),
    asFound: facts.results
      .filter(({ asFound }) => asFound)
      .map((result) => resultColumns({ ...result, name: result.name.replace(AS_FOUND, '') })),
  };
}

/** Suffix that the certificate reader appends to the names of such results. */
const AS_FOUND = /, as found$/;

/** A certificate's own number: the part after the organisation. */
function numberOf(report: string): string {
  return report.slice(report.indexOf('/') + 1);
}

function contactOf({ name, country }: NamedOrganisation): NewContact {
  return { name, country };
}

function statementsOf({ id, digest, body }: ReportFacts): readonly NewStatement[] {
  const { recalibrateBy } = body;
  return [
    {
      declaration: `This file was written from report ${id}, whose signed content has the SHA-256 ${digest}. It carries no signature.`,
    },
    ...(recalibrateBy === undefined
      ? []
      : [{ refType: 'basic_recalibration', declaration: 'To be calibrated again by this day.', date: recalibrateBy }]),
  ];
}

function parentOf({ parent, device, certificateSha256 }: Standard): NewParent {
  if (parent.kind === 'report') {
    const uniqueIdentifier = numberOf(parent.report);
    const title = `Report ${parent.report}`;
    return {
      device: device
        ? { name: device.model, manufacturer: device.manufacturer, model: device.model, serial: device.serial }
        : { name: parent.device },
      certificate: { title, uniqueIdentifier, sha256: certificateSha256 },
    };
  }
  return {
    device: { name: parent.equipment },
    certificate: {
      title: parent.kind === 'paper' ? `Certificate of ${parent.laboratory}, on paper` : 'Certificate',
      uniqueIdentifier: parent.certificate,
      sha256: parent.kind === 'external' && parent.digest?.algorithm === 'SHA-256' ? parent.digest.value : null,
    },
  };
}

/**
 * Differences that a reader of the file would find from the report; empty if it reads back equal. The format has no place for some content.
 */
export function differencesIn(file: Uint8Array, { results }: Pick<ReportFacts, 'results'>): readonly string[] {
  const [read] = draftCertificate(readCertificate(file), { proposeKind }).items;
  const renamed = results
    .filter(({ asFound }) => asFound)
    .map((result) => ({ ...result, name: `${result.name.replace(AS_FOUND, '')}, as found` }));
  return [
    ...differencesBetween(
      results.filter(({ asFound }) => !asFound),
      read?.results ?? [],
    ),
    ...differencesBetween(renamed, read?.asFound ?? []),
  ];
}

function differencesBetween(results: readonly Result[], drafts: readonly DraftResult[]): readonly string[] {
  // Name the missing one, and compare the next with its own counterpart.
  const more = drafts.filter(({ result }) => !results.some(({ name }) => name === result.name));
  return [
    ...results.flatMap((result) =>
      differencesOf(
        result,
        drafts.find((draft) => draft.result.name === result.name),
      ),
    ),
    ...more.map(({ result }) => `${result.name}: not in the report`),
  ];
}

function differencesOf(result: Result, draft: DraftResult | undefined): readonly string[] {
  if (!draft) {
    return [`${result.name}: not found`];
  }
  const [own, other] = [shapeOf(result), draft.result];
  const parts = (['name', 'quantity', 'unit', 'arguments', 'rows'] as const).filter(
    (part) => !isSame(own[part], other[part]),
  );
  const { support, excluded, methodLevel, conformity } = result;
  return [
    ...parts,
    ...(isSame(conformityOf(result), conformityIn(draft)) ? [] : ['conformity']),
    ...(conformity?.overall === undefined ? [] : ['conformity of all rows together']),
    ...(conformity?.rule ? ['decision rule'] : []),
    ...(support ? ['how it follows from its sources'] : []),
    ...(excluded ? ['that it is not covered'] : []),
    ...(methodLevel ? ['level of its method'] : []),
  ].map((part) => `${result.name}: ${part}`);
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** Converts to the shape of a draft, with all optional members. */
function shapeOf({ name, quantity, unit, arguments: all = [], rows }: Result): DraftResult['result'] {
  return {
    name,
    quantity,
    unit,
    arguments: all.map((each) => ({
      name: each.name,
      role: each.role,
      quantity: each.quantity ?? null,
      unit: each.unit ?? null,
    })),
    rows: rows.map(({ value, error, at, uncertainty }) => ({ value, error: error ?? null, uncertainty, at: at ?? [] })),
  };
}

function conformityOf({ conformity, rows }: Result) {
  const { limits, of, stated } = conformity ?? {};
  const sides = (['lower', 'upper'] as const).flatMap((side) => {
    const values = limits?.[side] ?? [];
    return values.every((each) => each === null) ? [] : [{ kind: limits?.kind, side, of, values: [...values] }];
  });
  return { stated: [...(stated ?? rows.map(() => null))], limits: sides };
}

function conformityIn({ conformity, result }: DraftResult) {
  const limits = (conformity?.limits ?? []).map(({ kind, side, of, values }) => ({
    kind,
    side,
    of,
    values: [...values],
  }));
  return { stated: [...(conformity?.stated ?? result.rows.map(() => null))], limits };
}
