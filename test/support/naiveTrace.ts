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
  walk(records, asOf, device, current, null, found);
  return found.has('failed')
    ? 'FAILED'
    : found.has('missing')
      ? 'INCOMPLETE'
      : found.has('paper')
        ? 'ATTESTED'
        : 'TRACEABLE';
}

function walk(
  records: Records,
  asOf: string,
  device: string,
  cited: string,
  child: { payload: ReportPayload; id: string; signatures: ReadonlyMap<string, string>; encoded: string } | null,
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
    for (const result of child.payload.results) {
      for (const [index, point] of result.points.entries()) {
        const parents = payload.results.map((other) => other.points[index]?.uncertainty?.expanded ?? Infinity);
        demand((point.uncertainty?.expanded ?? Infinity) >= Math.min(...parents, Infinity) || parents.length === 0);
      }
    }
  }
  demand(
    new X509Certificate(Buffer.from(file.device.technicianCertificate, 'base64')).publicKey.export({
      type: 'spki',
      format: 'der',
    }).length > 0,
  );
  demand(deviceCertificate.verify(key(file.device.technicianCertificate)));

  const registered = report.registered.time;
  for (const [organisation, technician, certificate, when] of [
    [payload.organisation, payload.technician, report.technicianCertificate, registered],
    [file.device.organisation, file.device.technician, file.device.technicianCertificate, file.device.registered.time],
  ] as const) {
    const own = records.organisations.get(organisation);
    const entry = own?.technicians[technician];
    demand(own === undefined || entry !== undefined);
    inForce(entry?.statements ?? [], when);
    if (own) {
      demand(new X509Certificate(Buffer.from(certificate, 'base64')).verify(key(own.organisation.certificate)));
    }
    certified(records, own, demand, (statements) => {
      inForce(statements, when);
    });
  }
  const issuer = records.organisations.get(payload.organisation);
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
        { payload, id, signatures, encoded: report.jws.payload },
        found,
      );
    } else {
      found.add(parent.kind === 'paper' ? 'paper' : 'missing');
    }
  }
}

function certified(
  records: Records,
  file: OrganisationFile | undefined,
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
  if (certifiedBy === null) {
    demand(kind === 'NMI' && own.verify(own.publicKey));
    return;
  }
  const above = records.organisations.get(certifiedBy);
  demand(above !== undefined && own.verify(key(above.organisation.certificate)));
  certified(records, above, demand, inForce);
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
