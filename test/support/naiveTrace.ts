import { verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { DeviceFile, OrganisationFile, ReportPayload, Statement } from '@tracecal/chaincode/model';
import type { VerdictStatus } from '@tracecal/chaincode/trace';

/** The records of a registry. */
export interface Records {
  readonly registry: string;
  readonly devices: ReadonlyMap<string, DeviceFile>;
  readonly organisations: ReadonlyMap<string, OrganisationFile>;
}

/**
 * The trace once more, written straight from the rules: no caches, no shared code with the chaincode, every path walked
 * on its own. Only the status; slow; for temperatures in degrees Celsius at fixed points. Differences are defects.
 */
export function naiveStatus(records: Records, device: string, asOf: string): VerdictStatus {
  const found = new Set<string>();
  const file = records.devices.get(device);
  const current = Object.entries(file?.reports ?? {})
    .filter(
      ([, report]) =>
        report.supersededBy === null && payloadOf(report.jws.payload).performed.end + 'T00:00:00Z' <= asOf,
    )
    .map(([id, report]) => [payloadOf(report.jws.payload).performed.end, report.registered.time, id] as const)
    .sort()
    .at(-1)?.[2];
  if (!file) {
    return 'FAILED';
  }
  if (current === undefined) {
    return 'INCOMPLETE';
  }
  walk(records, asOf, device, current, null, [], found);
  return found.has('failed')
    ? 'FAILED'
    : found.has('missing')
      ? 'INCOMPLETE'
      : found.has('paper')
        ? 'ATTESTED'
        : 'TRACEABLE';
}

interface Child {
  readonly payload: ReportPayload;
  readonly id: string;
  readonly signatures: ReadonlyMap<string, string>;
  readonly encoded: string;
  /** When it was registered. */
  readonly registered: string;
}

function walk(
  records: Records,
  asOf: string,
  device: string,
  cited: string,
  child: Child | null,
  devicesBelow: readonly string[],
  found: Set<string>,
): void {
  const file = records.devices.get(device);
  let id = cited;
  let report = file?.reports[id];
  const demand = (holds: boolean) => {
    if (!holds) found.add('failed');
  };
  const inForce = (statements: readonly Statement[], used: string) => {
    const known = statements.filter((statement) => statement.effective <= asOf);
    demand(
      !known.some(
        (statement) =>
          statement.action === 'revoke' && (statement.reason !== 'cessation' || statement.effective <= used),
      ),
    );
    const others = known.filter((statement) => statement.action !== 'revoke');
    others.sort((a, b) => (a.effective < b.effective ? -1 : a.effective > b.effective ? 1 : 0));
    demand(others.at(-1)?.action !== 'suspend');
  };
  if (!file || !report) {
    found.add('missing');
    return;
  }
  const used = child ? child.payload.performed.end + 'T00:00:00Z' : asOf;
  const named = child?.payload.parents.find((parent) => parent.kind === 'report' && parent.report === cited);
  demand(child === null || (named?.kind === 'report' && named.digest === report.digest));
  inForce(report.statements, used);
  while (report?.supersededBy) {
    id = report.supersededBy;
    report = file.reports[id];
  }
  if (!report) {
    found.add('missing');
    return;
  }
  inForce(report.statements, used);
  inForce(file.statements, used);

  const payload = payloadOf(report.jws.payload);
  demand(payload.registry === records.registry && payload.device === device && payload.report === id);
  const signatures = new Map(
    report.jws.signatures.map((entry) => {
      const header = JSON.parse(Buffer.from(entry.protected, 'base64url').toString()) as { kid: string };
      return [header.kid, entry.signature] as const;
    }),
  );
  const parentDevices = payload.parents.flatMap((parent) =>
    parent.kind === 'report' ? [`device:${parent.device}`] : [],
  );
  const expected = new Set([`technician:${payload.technician}`, ...parentDevices]);
  demand(report.jws.signatures.length === expected.size && [...expected].every((signer) => signatures.has(signer)));
  const technicianKey = key(report.technicianCertificate);
  demand(signed(technicianKey, `technician:${payload.technician}`, report.jws.payload, signatures));
  const deviceCertificate = new X509Certificate(Buffer.from(file.device.certificate, 'base64'));
  if (child) {
    demand(signed(deviceCertificate.publicKey, `device:${device}`, child.encoded, child.signatures));
    demand(file.device.kind === 'standard');
    demand(payload.performed.end <= child.payload.performed.begin);
    // What rests on silence has nothing to rest on.
    if (statedPoints(payload).length === 0) found.add('missing');
    demand(validOn(deviceCertificate, child.payload.performed.end) && validOn(deviceCertificate, child.registered));
  } else {
    demand(validOn(deviceCertificate, asOf));
  }
  demand(!devicesBelow.includes(device));
  compareUncertainties(records, payload, demand, found);
  demand(deviceCertificate.verify(key(file.device.technicianCertificate)));

  const registered = report.registered.time;
  const imprinted = file.device.registered.time;
  for (const [organisation, technician, certificate, when, days] of [
    [payload.organisation, payload.technician, report.technicianCertificate, registered, [payload.issued, registered]],
    [file.device.organisation, file.device.technician, file.device.technicianCertificate, imprinted, [imprinted]],
  ] as const) {
    const own = records.organisations.get(organisation);
    const entry = own?.technicians[technician];
    demand(own === undefined || entry !== undefined);
    inForce(entry?.statements ?? [], when);
    if (own) {
      const technicianCertificate = new X509Certificate(Buffer.from(certificate, 'base64'));
      demand(technicianCertificate.verify(key(own.organisation.certificate)));
      demand(days.every((day) => validOn(technicianCertificate, day)));
    }
    certified(records, own, days, demand, (statements) => {
      inForce(statements, when);
    });
  }
  const issuer = records.organisations.get(payload.organisation);
  // All scopes cover all temperatures, so only who needs one is left to ask, and whether there is anything to cover.
  const isOem = issuer?.organisation.kind === 'OEM';
  const needsNone = isOem && (file.device.kind === 'field' || file.device.owner === payload.organisation);
  demand(needsNone || !isOem || payload.results.length === 0);
  if (issuer && !needsNone && payload.results.length === 0) found.add('missing');
  demand(
    payload.parents.length > 0 ||
      (issuer?.organisation.kind === 'NMI' &&
        file.device.owner === payload.organisation &&
        file.device.kind === 'standard'),
  );

  for (const parent of payload.parents) {
    if (parent.kind === 'report') {
      walk(
        records,
        asOf,
        parent.device,
        parent.report,
        { payload, id, signatures, encoded: report.jws.payload, registered },
        [...devicesBelow, device],
        found,
      );
    } else {
      found.add(parent.kind === 'paper' ? 'paper' : 'missing');
    }
  }
}

interface Stated {
  readonly value: number;
  readonly expanded: number;
}

function statedPoints(payload: ReportPayload): readonly Stated[] {
  return payload.results.flatMap(({ points }) =>
    points.flatMap(({ value, uncertainty }) => (uncertainty ? [{ value, expanded: uncertainty.expanded }] : [])),
  );
}

/**
 * At every value of a report: among its parents that were calibrated below and above it, or there, the best bounds it;
 * if there are such parents, but none of them states an uncertainty, that is missing. All with the same coverage factor.
 */
function compareUncertainties(
  records: Records,
  payload: ReportPayload,
  demand: (holds: boolean) => void,
  found: Set<string>,
): void {
  const parents = payload.parents.flatMap((parent) => {
    const reports = parent.kind === 'report' ? records.devices.get(parent.device)?.reports : undefined;
    let report = parent.kind === 'report' ? reports?.[parent.report] : undefined;
    while (report?.supersededBy) report = reports?.[report.supersededBy];
    return report ? [payloadOf(report.jws.payload)] : [];
  });
  for (const { value, uncertainty } of payload.results.flatMap(({ points }) => points)) {
    const there = parents.filter(({ results }) => {
      const values = results.flatMap(({ points }) => points.map((point) => point.value));
      return values.some((other) => other <= value) && values.some((other) => other >= value);
    });
    const bounds = there.flatMap((parent) => interpolated(statedPoints(parent), value));
    if (there.length > 0 && bounds.length === 0) found.add('missing');
    demand(uncertainty === null || bounds.length === 0 || uncertainty.expanded >= Math.min(...bounds) * (1 - 1e-6));
  }
}

/** The uncertainty on the straight line between the two nearest values; none beyond them. */
function interpolated(points: readonly Stated[], value: number): readonly number[] {
  const [below] = points.filter((point) => point.value <= value).sort((a, b) => b.value - a.value);
  const [above] = points.filter((point) => point.value >= value).sort((a, b) => a.value - b.value);
  if (!below || !above) return [];
  const width = above.value - below.value;
  const weight = width === 0 ? 0 : (value - below.value) / width;
  return [(1 - weight) * below.expanded + weight * above.expanded];
}

/** Whole days, in UTC, the first and the last included. */
function validOn(certificate: X509Certificate, moment: string): boolean {
  const day = moment.slice(0, 10);
  const dayOf = (date: string) => new Date(date).toISOString().slice(0, 10);
  return dayOf(certificate.validFrom) <= day && day <= dayOf(certificate.validTo);
}

function certified(
  records: Records,
  file: OrganisationFile | undefined,
  days: readonly string[],
  demand: (holds: boolean) => void,
  inForce: (statements: readonly Statement[]) => void,
): void {
  demand(file !== undefined);
  if (!file) {
    return;
  }
  inForce(file.statements);
  const { certifiedBy, certificate, kind } = file.organisation;
  const own = new X509Certificate(Buffer.from(certificate, 'base64'));
  demand(days.every((day) => validOn(own, day)));
  if (certifiedBy === null) {
    demand(kind === 'NMI' && own.verify(own.publicKey));
    return;
  }
  const above = records.organisations.get(certifiedBy);
  demand(above !== undefined && own.verify(key(above.organisation.certificate)));
  certified(records, above, days, demand, inForce);
}

function payloadOf(encoded: string): ReportPayload {
  return JSON.parse(Buffer.from(encoded, 'base64url').toString()) as ReportPayload;
}

function key(certificate: string): KeyObject {
  return new X509Certificate(Buffer.from(certificate, 'base64')).publicKey;
}

function signed(
  publicKey: KeyObject,
  signer: string,
  payload: string,
  signatures: ReadonlyMap<string, string>,
): boolean {
  const header = Buffer.from(`{"alg":"ES256","kid":"${signer}"}`).toString('base64url');
  const signature = Buffer.from(signatures.get(signer) ?? '', 'base64url');
  return verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    signature,
  );
}
