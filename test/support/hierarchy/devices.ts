import { isKind, registrantOf } from '@tracecal/core/model';
import type { CalendarDate, Imprint, Jws, OwnerEntry, StatementKind, StatementOf } from '@tracecal/core/model';
import { payloadDigest } from '@tracecal/core/signing';
import { hiddenDevice } from '../pseudonyms.js';
import { known, ownedId } from './records.js';
import { Organisations } from './organisations.js';
import { readSigned } from './statements.js';
import type { ConsentSpec, DeviceSpec, Item, KeySpec, Saying } from './specs.js';

type OwnersKind = 'transfer' | 'interval' | 'acceptance' | 'rejection';

/** Devices, and what their owners say about them. */
export class Devices extends Organisations {
  readonly #owners = new Map<string, string>();

  async addDevice(spec: DeviceSpec): Promise<Item> {
    const { kind = 'standard', intervalDays = null, ...saying } = spec;
    const technician = this.idOf('person', spec.technician);
    const organisation = registrantOf(technician);
    const id = spec.pseudonym?.id ?? ownedId(organisation, spec.id);
    const owner = spec.owner ?? organisation;
    const certifiedBy = this.holder('technician', spec.certifiedBy ?? technician);
    const holder = await this.addHolder({ role: 'device', id, organisation, certifiedBy }, spec);
    const imprint = this.statement('device', {
      ...saying,
      author: organisation,
      subject: { kind: 'device', id },
      body: {
        kind,
        serial: spec.serial ?? `SN ${spec.id}`,
        model: 'Pt100',
        manufacturer: 'Sensor Works',
        owner,
        intervalDays,
        technician,
        certificateSha256: holder.certificateSha256,
        ...(spec.pseudonym && hiddenDevice(spec.pseudonym)),
      },
    });
    const statement = this.sign(imprint, saying.signers);
    const { certificate } = holder;
    const entry = { ...this.entry(statement, saying), certificate };
    this.#owners.set(id, owner);
    this.devices.set(id, { id, imprints: [entry], ownership: [], settledUntil: null, impediments: [] });
    return this.step({ statement, certificate }, entry.registered.date);
  }

  /** Gives a device a new key, or with `sameKeyAs` a new certificate, which a technician of its imprinter carries over. */
  async renewDevice(
    given: string,
    spec: Saying & KeySpec & { readonly technician?: string; readonly body?: Partial<Imprint> } = {},
  ): Promise<Item> {
    const { valid, sameKeyAs, technician, body = {}, ...saying } = spec;
    const { author, body: first, subject } = this.imprintOf(given);
    const imprinter = technician === undefined ? first.technician : this.idOf('person', technician);
    const holder = await this.addHolder(
      { role: 'device', id: subject.id, organisation: author, certifiedBy: this.holder('technician', imprinter) },
      { ...(valid && { valid }), ...(sameKeyAs !== undefined && { sameKeyAs }) },
    );
    const { certificate, certificateSha256 } = holder;
    const imprint = this.statement('device', {
      number: this.nextNumber(author, subject),
      ...saying,
      author,
      subject,
      body: { ...first, owner: this.ownerOf(given), technician: imprinter, certificateSha256, ...body },
    });
    const statement = this.sign(imprint, saying.signers);
    const entry = { ...this.entry(statement, saying), certificate };
    this.changeDevice(given, (record) => ({ ...record, imprints: [...record.imprints, entry] }));
    return this.step({ statement, certificate }, entry.registered.date);
  }

  /** A device's imprint as it was signed. */
  imprintOf(id: string): StatementOf<'device'> {
    const record = known(this.devices.get(this.idOf('device', id)), id);
    return readSigned(known(record.imprints[0], id).jws) as StatementOf<'device'>;
  }

  /** Who owns a device now. */
  ownerOf(id: string): string {
    return known(this.#owners.get(this.idOf('device', id)), id);
  }

  // --- What owners say ----------------------------------------------------------------------------------------------

  transfer(
    device: string,
    to: string,
    { intervalDays = null, ...saying }: Saying & { readonly by?: string; readonly intervalDays?: number | null } = {},
  ): Item {
    const item = this.#say('transfer', device, { to, intervalDays }, saying);
    this.#owners.set(this.idOf('device', device), to);
    return item;
  }

  setInterval(device: string, intervalDays: number | null, saying: Saying & { readonly by?: string } = {}): Item {
    return this.#say('interval', device, { intervalDays }, saying);
  }

  /** Accepts beforehand what a laboratory will report. */
  consent(owner: string, spec: ConsentSpec): Item {
    const { laboratory, devices = null, quantities = null, until = '2045-12-31', ...saying } = spec;
    const statement = this.statement('consent', {
      ...saying,
      author: owner,
      subject: { kind: 'organisation', id: laboratory },
      body: { devices: devices?.map((id) => this.idOf('device', id)) ?? null, quantities, until },
    });
    const jws = this.sign(statement, saying.signers);
    const entry = this.entry(jws, saying);
    const name = `${owner} ${laboratory}`;
    this.standingConsents.set(name, [...(this.standingConsents.get(name) ?? []), entry]);
    return this.step({ statement: jws }, entry.registered.date);
  }

  /** A laboratory's word that its reports stand, though what they rest on was amended. */
  review(
    author: string,
    amendment: string,
    reports: readonly string[],
    { reason, ...saying }: Saying & { readonly reason?: string } = {},
  ): Item {
    const id = this.idOf('report', amendment);
    const digestOf = (report: string) =>
      payloadDigest(known(this.reports.get(report), `report ${report}`).statement.jws);
    const named = reports.map((report) => this.idOf('report', report));
    const statement = this.statement('review', {
      ...saying,
      author,
      subject: { kind: 'report', id },
      body: {
        digest: digestOf(id),
        reports: named.map((report) => ({ report, digest: digestOf(report) })),
        ...(reason !== undefined && { reason }),
      },
    });
    const jws = this.sign(statement, saying.signers);
    const entry = this.entry(jws, saying);
    const name = `${id} ${author}`;
    this.reviewsOf.set(name, [...(this.reviewsOf.get(name) ?? []), entry]);
    return this.step({ statement: jws }, entry.registered.date);
  }

  /** An organisation's word that it read the original of a transcription once more. */
  confirm(
    author: string,
    report: string,
    { equal = true, ...saying }: Saying & { readonly equal?: boolean } = {},
  ): Item {
    const id = this.idOf('report', report);
    const { jws } = known(this.reports.get(id), `report ${id}`).statement;
    const own = readSigned(jws);
    const certificateSha256 = isKind(own, 'report') ? own.body.certificateSha256 : null;
    const statement = this.statement('confirmation', {
      ...saying,
      author,
      subject: { kind: 'report', id },
      body: { digest: payloadDigest(jws), certificateSha256: certificateSha256 ?? '', equal },
    });
    const confirmation = this.sign(statement, saying.signers);
    const entry = this.entry(confirmation, saying);
    this.confirmationsOf.set(id, [...(this.confirmationsOf.get(id) ?? []), entry]);
    return this.step({ statement: confirmation }, entry.registered.date);
  }

  /** The owner's newest consent to what a laboratory reports. */
  protected consentOf(owner: string, laboratory: string): Jws {
    return known(
      this.standingConsents.get(`${owner} ${laboratory}`)?.at(-1)?.jws,
      `consent of ${owner} to ${laboratory}`,
    );
  }

  #say<Kind extends OwnersKind>(
    kind: Kind,
    device: string,
    body: StatementOf<Kind>['body'],
    saying: Saying & { readonly by?: string },
  ): Item {
    const statement = this.ownersWord(kind, device, body, saying);
    const entry = this.own(device, { ...this.entry(statement, saying) });
    return this.step({ statement }, entry.registered.date);
  }

  /** What the owner, or somebody else, signs about a device. */
  protected ownersWord<Kind extends OwnersKind>(
    kind: Kind,
    device: string,
    body: StatementOf<Kind>['body'],
    { by, ...saying }: Saying & { readonly by?: string },
  ): Jws {
    const id = this.idOf('device', device);
    const subject: StatementOf<OwnersKind>['subject'] = { kind: 'device', id };
    const statement = this.statement<StatementKind>(kind, { ...saying, author: by ?? this.ownerOf(id), subject, body });
    return this.sign(statement, saying.signers);
  }

  /** Files something in a device's record as said by its owner. */
  protected own(device: string, entry: OwnerEntry): OwnerEntry {
    this.changeDevice(device, (record) => ({ ...record, ownership: [...record.ownership, entry] }));
    return entry;
  }
}

/** The moment at which something of that day is registered unless a test says otherwise. */
export function noonOf(day: CalendarDate): string {
  return `${day}T12:00:00Z`;
}
