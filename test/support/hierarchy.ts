import { instantOf, plusDays, REPORT_TYPE, HEARTBEAT_TYPE } from '@tracecal/chaincode/model';
import type {
  DeviceFile,
  DeviceKind,
  Heartbeat,
  HeartbeatPayload,
  Instant,
  Jws,
  NewDevice,
  NewOrganisation,
  NewTechnician,
  OrganisationFile,
  OrganisationKind,
  Parent,
  Report,
  ReportPayload,
  Result,
  Scope,
  Stamp,
  Statement,
  SubjectKind,
} from '@tracecal/chaincode/model';
import {
  jwsPayload,
  jwsSignature,
  payloadDigest,
  signerName,
  signingInput,
  signP256,
} from '@tracecal/chaincode/signing';
import { traceCal, traceOptions } from '@tracecal/chaincode/trace';
import type { RecordSource, Verdict } from '@tracecal/chaincode/trace';
import { keyHolder } from './calibrationKeys.js';
import type { KeyHolder } from './calibrationKeys.js';

export interface OrganisationSpec {
  readonly id: string;
  readonly kind: OrganisationKind;
  /** By default the organisation's MSP has its name: `lab-alpha` is `LabAlphaMSP`. */
  readonly mspId?: string;
  readonly certifiedBy?: string;
  readonly scopes?: readonly Scope[];
  readonly valid?: readonly [from: string, to: string];
}

export interface TechnicianSpec {
  readonly id: string;
  readonly organisation: string;
  readonly quantities?: readonly string[];
  readonly valid?: readonly [from: string, to: string];
}

export interface DeviceSpec {
  readonly id: string;
  /** Who imprints it. */
  readonly technician: string;
  readonly kind?: DeviceKind;
  /** By default the technician's organisation. */
  readonly owner?: string;
  readonly serial?: string;
  readonly intervalDays?: number | null;
  readonly valid?: readonly [from: string, to: string];
}

export interface ReportSpec {
  readonly id: string;
  readonly device: string;
  readonly technician: string;
  /** Ids of reports, or parents as they stand in a payload. None: a root. */
  readonly parents?: readonly (string | Parent)[];
  readonly results?: readonly Result[];
  /** By default the day after its parents', so that a chain is in order. */
  readonly performed?: string;
  readonly issued?: string;
  /** Id of the report that it amends. */
  readonly supersedes?: string;
  /** By default the technician's. */
  readonly organisation?: string;
  readonly registry?: string;
  /** When the ledger takes it in. */
  readonly registered?: Instant;
}

/** A {@link Step} with who calls: an organisation that may write at the calibration level. */
export interface Submission extends Step {
  readonly by: string;
}

/** One call of the registry that builds a part of the hierarchy. */
export interface Step {
  readonly transaction: string;
  readonly argument: string;
  /** On whose behalf. */
  readonly organisation: string;
}

const STAMP: Stamp = { txId: 'tx-0', time: '2025-12-01T00:00:00Z' };
const ROOT_DAY = '2025-01-10';
const HEARTBEAT_TIME = '2026-01-01T00:00:00Z';
/** The moment that traces ask about unless a test says otherwise. */
export const AS_OF: Instant = '2026-01-01T12:00:00Z';

/**
 * Builds calibration hierarchies for tests: the records that a registry would hold, and the transactions that make it
 * hold them. Nothing is checked, so that tests can also build what no registry would accept.
 */
export class Hierarchy implements RecordSource {
  readonly registry: string;
  readonly organisations = new Map<string, OrganisationFile>();
  readonly devices = new Map<string, DeviceFile>();
  readonly heartbeats = new Map<string, Heartbeat>();
  /** Everything that was built, in order, as calls of the registry. */
  readonly steps: Step[] = [];
  readonly #holders = new Map<string, KeyHolder>();
  readonly #technicians = new Map<string, NewTechnician>();
  readonly #payloads = new Map<string, ReportPayload>();

  constructor(registry = 'calibration') {
    this.registry = registry;
  }

  // --- RecordSource -----------------------------------------------------------------------------------------------

  device(id: string): Promise<DeviceFile | undefined> {
    return Promise.resolve(this.devices.get(id));
  }

  organisation(id: string): Promise<OrganisationFile | undefined> {
    return Promise.resolve(this.organisations.get(id));
  }

  heartbeat(nmi: string): Promise<Heartbeat | undefined> {
    return Promise.resolve(this.heartbeats.get(nmi));
  }

  trace(device: string, options: Readonly<Record<string, unknown>> = {}): Promise<Verdict> {
    return traceCal(this, device, traceOptions({ asOf: AS_OF, ...options }));
  }

  // --- Building ---------------------------------------------------------------------------------------------------

  async addOrganisation(spec: OrganisationSpec): Promise<NewOrganisation> {
    const { id, kind, certifiedBy = null } = spec;
    const holder = await keyHolder({
      role: 'organisation',
      id,
      organisation: id,
      certifiedBy: certifiedBy === null ? null : this.holder('organisation', certifiedBy),
      ...(spec.valid && { valid: spec.valid }),
    });
    this.#holders.set(signerName('organisation', id), holder);
    const organisation: NewOrganisation = {
      id,
      mspId: spec.mspId ?? mspIdOf(id),
      name: `The ${id}`,
      kind,
      country: 'DE',
      certificate: holder.certificate,
      certifiedBy,
      scopes: [...(spec.scopes ?? (kind === 'NMI' || kind === 'LAB' ? [temperatureScope(), massScope()] : []))],
    };
    const { scopes, ...record } = organisation;
    this.organisations.set(id, {
      organisation: { ...record, registered: STAMP },
      scopes,
      statements: [],
      technicians: {},
    });
    this.#step('createOrganisation', organisation, certifiedBy ?? id);
    return organisation;
  }

  async addTechnician(spec: TechnicianSpec): Promise<NewTechnician> {
    const { id, organisation, quantities = ['temperature', 'mass'] } = spec;
    const holder = await keyHolder({
      role: 'technician',
      id,
      organisation,
      certifiedBy: this.holder('organisation', organisation),
      ...(spec.valid && { valid: spec.valid }),
    });
    this.#holders.set(signerName('technician', id), holder);
    const technician = { id, organisation, certificate: holder.certificate, quantities: [...quantities] };
    this.#technicians.set(id, technician);
    this.#changeOrganisation(organisation, (file) => ({
      ...file,
      technicians: {
        ...file.technicians,
        [id]: { certificateSha256: holder.certificateSha256, quantities, statements: [] },
      },
    }));
    this.#step('createTechnician', technician, organisation);
    return technician;
  }

  async addDevice(spec: DeviceSpec): Promise<NewDevice> {
    const { id, technician, kind = 'standard' } = spec;
    const { organisation, certificate: technicianCertificate } = this.technician(technician);
    const holder = await keyHolder({
      role: 'device',
      id,
      organisation,
      certifiedBy: this.holder('technician', technician),
      ...(spec.valid && { valid: spec.valid }),
    });
    this.#holders.set(signerName('device', id), holder);
    const device: NewDevice = {
      id,
      kind,
      serial: spec.serial ?? `SN ${id}`,
      model: 'Pt100',
      manufacturer: 'Sensor Works',
      owner: spec.owner ?? organisation,
      intervalDays: spec.intervalDays ?? null,
      certificate: holder.certificate,
      technician,
      organisation,
    };
    this.devices.set(id, {
      device: { ...device, technicianCertificate, registered: STAMP },
      statements: [],
      reports: {},
    });
    this.#step('registerDevice', device, organisation);
    return device;
  }

  /** Signs a report and files it. */
  addReport(spec: ReportSpec): Jws {
    const payload = this.payload(spec);
    const registered = spec.registered === undefined ? STAMP : { ...STAMP, time: spec.registered };
    return this.file(payload, this.sign(payload), { registered });
  }

  /** Files a report as it is. */
  file(payload: ReportPayload, jws: Jws, changes: Partial<Report> = {}): Jws {
    const { report: id, device, supersedes, technician, organisation } = payload;
    const report: Report = {
      digest: payloadDigest(jws),
      jws,
      technicianCertificate: this.technician(technician).certificate,
      registered: STAMP,
      statements: [],
      supersededBy: null,
      lineage: { devices: [], organisations: [], roots: [] },
      ...changes,
    };
    this.#payloads.set(id, payload);
    this.#changeDevice(device, (file) => ({ ...file, reports: { ...file.reports, [id]: report } }));
    if (supersedes) {
      this.changeReport(supersedes.report, (old) => ({ ...old, supersededBy: id }));
    }
    this.#step(supersedes ? 'amendReport' : 'createReport', jws, organisation);
    return jws;
  }

  /** What would be signed for a report: for tests that change it or sign it differently. */
  payload(spec: ReportSpec): ReportPayload {
    const parents = (spec.parents ?? []).map((parent) => (typeof parent === 'string' ? this.parent(parent) : parent));
    const performed = spec.performed ?? this.#dayAfter(parents);
    return {
      type: REPORT_TYPE,
      registry: spec.registry ?? this.registry,
      report: spec.id,
      device: spec.device,
      organisation: spec.organisation ?? this.technician(spec.technician).organisation,
      technician: spec.technician,
      parents,
      results: spec.results ?? [temperatureResult(this.#best(parents) * 2)],
      performed: { begin: performed, end: performed },
      issued: spec.issued ?? performed,
      certificateSha256: null,
      supersedes:
        spec.supersedes === undefined ? null : { report: spec.supersedes, digest: this.report(spec.supersedes).digest },
    };
  }

  /** Signs with the technician's key and that of every parent device, or with the signers given. */
  sign(payload: ReportPayload, signers: readonly string[] = signersOf(payload)): Jws {
    return this.signAs(payload, signers);
  }

  /** A report as a child names it. */
  parent(id: string): Parent {
    return { kind: 'report', device: this.payloadOf(id).device, report: id, digest: this.report(id).digest };
  }

  addStatement(kind: SubjectKind, id: string, statement: Partial<Statement> = {}): void {
    const said: Statement = {
      action: 'revoke',
      reason: 'unspecified',
      effective: STAMP.time,
      by: 'nmi-north',
      recorded: STAMP,
      ...statement,
    };
    const add = <T extends { readonly statements: readonly Statement[] }>(subject: T): T => ({
      ...subject,
      statements: [...subject.statements, said],
    });
    if (kind === 'report') {
      this.changeReport(id, add);
    } else if (kind === 'device') {
      this.#changeDevice(id, add);
    } else if (kind === 'organisation') {
      this.#changeOrganisation(id, add);
    } else {
      this.#changeOrganisation(this.technician(id).organisation, (file) => ({
        ...file,
        technicians: { ...file.technicians, [id]: add(known(file.technicians[id], id)) },
      }));
    }
  }

  addHeartbeat(nmi: string, technician: string, sequence = 1, time: Instant = HEARTBEAT_TIME): Jws {
    const payload: HeartbeatPayload = {
      type: HEARTBEAT_TYPE,
      registry: this.registry,
      nmi,
      technician,
      sequence,
      time,
    };
    const jws = this.signAs(payload, [signerName('technician', technician)]);
    const technicianCertificate = this.technician(technician).certificate;
    this.heartbeats.set(nmi, { payload, jws, technicianCertificate, recorded: { ...STAMP, time } });
    this.#step('heartbeat', jws, nmi);
    return jws;
  }

  /** A chain of standards, each calibrated by the one before, with a field device at its end. Returns that device's id. */
  async addChain(levels: number, technician: string, prefix: string): Promise<string> {
    let parent: string | undefined;
    for (let level = levels; level >= 1; level -= 1) {
      const device = `${prefix}-${level}`;
      await this.addDevice({ id: device, technician, kind: level === 1 ? 'field' : 'standard' });
      const points = [temperatureResult(0.001 * (levels - level + 1))];
      const id = `${device}-r`;
      this.addReport({ id, device, technician, results: points, ...(parent !== undefined && { parents: [parent] }) });
      parent = id;
    }
    return `${prefix}-1`;
  }

  /**
   * The calls that make a registry hold this hierarchy. Laboratories call for the sensor makers below them; national
   * institutes register organisations, and each admits every further one of their kind.
   */
  submissions(): readonly Submission[] {
    const institutes: string[] = [];
    return this.steps.flatMap((step): readonly Submission[] => {
      if (step.transaction !== 'createOrganisation') {
        return [{ ...step, by: this.#chain(step.organisation).find((id) => this.#kind(id) !== 'OEM') ?? '' }];
      }
      const { id, kind } = JSON.parse(step.argument) as NewOrganisation;
      const by = kind === 'NMI' && institutes.length > 0 ? [...institutes] : this.#chain(id).slice(-1);
      institutes.push(...(kind === 'NMI' ? [id] : []));
      return by.map((institute) => ({ ...step, by: institute }));
    });
  }

  // --- Looking ----------------------------------------------------------------------------------------------------

  holder(kind: 'organisation' | 'technician' | 'device', id: string): KeyHolder {
    return known(this.#holders.get(signerName(kind, id)), id);
  }

  technician(id: string): NewTechnician {
    return known(this.#technicians.get(id), id);
  }

  payloadOf(report: string): ReportPayload {
    return known(this.#payloads.get(report), report);
  }

  report(id: string): Report {
    return known(this.devices.get(this.payloadOf(id).device)?.reports[id], id);
  }

  /** Signatures of holders by signer name (`technician:t-1`) over any payload. */
  signAs(payload: unknown, signers: readonly string[]): Jws {
    const encoded = jwsPayload(payload);
    const signatures = signers.map((signer) => {
      const { privateKey } = known(this.#holders.get(signer), signer);
      return jwsSignature(signer, signP256(privateKey, signingInput(signer, encoded)));
    });
    return { payload: encoded, signatures };
  }

  // --- Changing what is filed, as only a broken or malicious registry could ----------------------------------------

  changeReport(id: string, change: (report: Report) => Report): void {
    this.#changeDevice(this.payloadOf(id).device, (file) => ({
      ...file,
      reports: { ...file.reports, [id]: change(known(file.reports[id], id)) },
    }));
  }

  #changeDevice(id: string, change: (file: DeviceFile) => DeviceFile): void {
    this.devices.set(id, change(known(this.devices.get(id), id)));
  }

  #changeOrganisation(id: string, change: (file: OrganisationFile) => OrganisationFile): void {
    this.organisations.set(id, change(known(this.organisations.get(id), id)));
  }

  #kind(organisation: string): OrganisationKind | undefined {
    return this.organisations.get(organisation)?.organisation.kind;
  }

  /** An organisation and those above it. */
  #chain(organisation: string): readonly string[] {
    const above = this.organisations.get(organisation)?.organisation.certifiedBy ?? null;
    return [organisation, ...(above === null ? [] : this.#chain(above))];
  }

  #step(transaction: string, argument: unknown, organisation: string): void {
    this.steps.push({ transaction, argument: JSON.stringify(argument), organisation });
  }

  #dayAfter(parents: readonly Parent[]): string {
    const days = this.#parentPayloads(parents).map(({ performed }) => plusDays(performed.end, 1));
    return days.sort().at(-1) ?? ROOT_DAY;
  }

  #best(parents: readonly Parent[]): number {
    const stated = this.#parentPayloads(parents).flatMap(({ results }) =>
      results.flatMap(({ points }) => points.map(({ uncertainty }) => uncertainty?.expanded ?? 0)),
    );
    return Math.max(0.0005, ...stated);
  }

  #parentPayloads(parents: readonly Parent[]): readonly ReportPayload[] {
    return parents.flatMap((parent) => {
      const payload = parent.kind === 'report' ? this.#payloads.get(parent.report) : undefined;
      return payload ? [payload] : [];
    });
  }
}

/**
 * Two national institutes, a laboratory and a sensor maker under each; per side a primary standard, a laboratory
 * standard, a factory standard and a field sensor, calibrated in that order: `sensor-a` traces over 4 levels to
 * `nmi-north`, `sensor-b` to `nmi-south`.
 */
export async function twoCountries(registry?: string): Promise<Hierarchy> {
  const hierarchy = new Hierarchy(registry);
  const sides = [
    { nmi: 'nmi-north', lab: 'lab-alpha', oem: 'oem-a', side: 'a' },
    { nmi: 'nmi-south', lab: 'lab-beta', oem: 'oem-b', side: 'b' },
  ];
  for (const { nmi, lab, oem } of sides) {
    await hierarchy.addOrganisation({ id: nmi, kind: 'NMI' });
    await hierarchy.addOrganisation({ id: lab, kind: 'LAB', certifiedBy: nmi });
    await hierarchy.addOrganisation({ id: oem, kind: 'OEM', certifiedBy: lab });
  }
  for (const { nmi, lab, oem, side } of sides) {
    let parents: readonly string[] = [];
    for (const [organisation, device] of [
      [nmi, 'primary'],
      [lab, 'reference'],
      [oem, 'working'],
      [oem, 'sensor'],
    ] as const) {
      const technician = `t-${organisation}`;
      const id = `${device}-${side}`;
      if (device !== 'sensor') {
        await hierarchy.addTechnician({ id: technician, organisation });
      }
      await hierarchy.addDevice({ id, technician, kind: device === 'sensor' ? 'field' : 'standard' });
      const calibratedBy =
        parents.length === 0 ? technician : `t-${device === 'reference' ? nmi : device === 'working' ? lab : oem}`;
      hierarchy.addReport({ id: `${id}-r1`, device: id, technician: calibratedBy, parents });
      parents = [`${id}-r1`];
    }
    hierarchy.addHeartbeat(nmi, `t-${nmi}`);
  }
  return hierarchy;
}

/** The organisation's MSP id in Fabric: `lab-alpha` -> `LabAlphaMSP`. */
export function mspIdOf(organisation: string): string {
  const words = organisation.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join('')}MSP`;
}

/** Everybody whose signature a report needs. */
export function signersOf({ technician, parents }: ReportPayload): readonly string[] {
  const devices = parents.flatMap((parent) => (parent.kind === 'report' ? [signerName('device', parent.device)] : []));
  return [signerName('technician', technician), ...new Set(devices)];
}

export function temperatureScope(changes: Partial<Scope> = {}): Scope {
  return {
    quantity: 'temperature',
    unit: '\\degreecelsius',
    min: -50,
    max: 250,
    cmc: { absolute: 0.0005, relative: 0 },
    validFrom: '2020-01-01',
    validTo: '2045-12-31',
    ...changes,
  };
}

export function massScope(changes: Partial<Scope> = {}): Scope {
  return { ...temperatureScope(), quantity: 'mass', unit: '\\kilogram', min: 0, max: 100, ...changes };
}

/** Temperature at 0, 20 and 100 degrees Celsius with an expanded uncertainty (k = 2) in kelvin. */
export function temperatureResult(expanded: number, values: readonly number[] = [0, 20, 100]): Result {
  const uncertainty = { expanded, coverageFactor: 2, coverageProbability: 0.95 };
  return {
    name: 'Temperature',
    quantity: 'temperature',
    unit: '\\degreecelsius',
    points: values.map((value) => ({ value, uncertainty })),
  };
}

/** `seconds` after a moment. */
export function later(instant: Instant, seconds: number): Instant {
  return instantOf(Date.parse(instant) + seconds * 1000);
}

function known<T>(value: T | undefined, id: string): T {
  if (value === undefined) {
    throw new Error(`The hierarchy of this test has no "${id}".`);
  }
  return value;
}
