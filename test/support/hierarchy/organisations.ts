import type {
  AccreditationLine,
  CertifiedEntry,
  Jws,
  PersonRole,
  RegistryPolicy,
  Requirements,
  StatementOf,
} from '@tracecal/core/model';
import { payloadDigest } from '@tracecal/core/signing';
import { voiceOf } from '@tracecal/core/trace';
import type { KeyHolder } from '../calibrationKeys.js';
import { hiddenOrganisation } from '../pseudonyms.js';
import { known, ownedId } from './records.js';
import { massScope, mspIdOf, temperatureScope } from './samples.js';
import { Statements } from './statements.js';
import type {
  FoundingSpec,
  GrantSpec,
  Item,
  OrganisationSpec,
  PersonSpec,
  KeySpec,
  ReductionSpec,
  Saying,
  TechnicianSpec,
} from './specs.js';

const POLICY: RegistryPolicy = { transcriptionDays: 90, accreditors: 'certifier' };

/** The registry's institutes, the organisations below them, and their people. */
export class Organisations extends Statements {
  // --- The registry -----------------------------------------------------------------------------------------------

  /** Founds the registry; by default the first institute founds it alone. */
  async found({ institutes, policy, ...saying }: FoundingSpec): Promise<Item> {
    const specs = institutes.map((each) => (typeof each === 'string' ? ({ id: each, kind: 'NMI' } as const) : each));
    const founders: { spec: OrganisationSpec; holder: KeyHolder }[] = [];
    for (const spec of specs) {
      founders.push({ spec, holder: await this.#root(spec) });
    }
    this.institutes = specs.map(({ id }) => id);
    const founding = this.statement('founding', {
      ...saying,
      author: specs[0]?.id ?? '',
      subject: { kind: 'registry', id: this.channel },
      body: {
        institutes: founders.map(({ spec: { id }, holder: { certificateSha256 } }) => ({ id, certificateSha256 })),
        policy: { ...POLICY, ...policy },
      },
    });
    const jws = this.sign(founding, saying.signers);
    this.nameRegistry(jws);
    const certificates = founders.map(({ holder }) => holder.certificate);
    const entry = this.entry(jws, saying);
    this.registryRecord = { founding: entry, certificates, changes: [] };
    const memberships = founders.map(({ spec, holder }) => this.#join(spec, holder, saying));
    const item = this.step({ statement: jws, certificates, memberships }, entry.registered.date);
    for (const spec of specs) {
      await this.#equip(spec);
    }
    return item;
  }

  /** What every member's chaincode is started with. */
  get foundingDigest(): string {
    return payloadDigest(known(this.registryRecord, this.channel).founding.jws);
  }

  /** Changes the registry's policy, by a majority of the institutes. */
  setPolicy(policy: Partial<RegistryPolicy>, saying: Saying = {}): Item {
    const statement = this.statement('policy', {
      ...saying,
      author: this.#firstOf(saying.signers),
      subject: { kind: 'registry', id: this.channel },
      body: { ...POLICY, ...policy },
    });
    return this.changeInstitutes(this.sign(statement, saying.signers), saying);
  }

  /** Files what the institutes have decided. */
  protected changeInstitutes(statement: Jws, saying: Saying, certificate?: string): Item {
    const entry = { ...this.entry(statement, saying), ...(certificate !== undefined && { certificate }) };
    this.changeRegistry((record) => ({ ...record, changes: [...record.changes, entry] }));
    return this.step({ statement, ...(certificate !== undefined && { certificate }) }, entry.registered.date);
  }

  // --- Organisations ----------------------------------------------------------------------------------------------

  /**
   * Adds an organisation with an officer and its accreditation. The first institute founds the registry, further ones are
   * admitted.
   */
  async addOrganisation(spec: OrganisationSpec): Promise<Item> {
    if (spec.kind === 'NMI') {
      return this.registryRecord ? this.#admit(spec) : this.found({ institutes: [spec] });
    }
    const { id, certifiedBy = '' } = spec;
    const saying = sayingOf(spec);
    const certifier = this.holder('organisation', certifiedBy);
    const holder = await this.addHolder({ role: 'organisation', id, organisation: id, certifiedBy: certifier }, spec);
    const statement = this.#join(spec, holder, saying, saying.signers);
    const { registered } = known(this.organisations.get(id)?.memberships[0], id);
    const item = this.step({ statement, certificate: holder.certificate }, registered.date);
    await this.#equip(spec);
    return item;
  }

  /** Gives an organisation a new key, which its certifier, or an institute's own officer, carries over. */
  async renewKey(id: string, saying: Saying & KeySpec = {}): Promise<Item> {
    const { body } = known(this.membershipOf(id), id);
    const certifiedBy = body.certifier === null ? null : this.holder('organisation', body.certifier);
    const holder = await this.addHolder({ role: 'organisation', id, organisation: id, certifiedBy }, saying);
    const membership = this.statement('organisation', {
      ...saying,
      author: id,
      subject: { kind: 'organisation', id },
      body: { ...body, certificateSha256: holder.certificateSha256 },
    });
    const statement = this.sign(membership, saying.signers);
    const entry = this.#certified(statement, holder, saying);
    this.changeOrganisation(id, (record) => ({ ...record, memberships: [...record.memberships, entry] }));
    return this.step({ statement, certificate: holder.certificate }, entry.registered.date);
  }

  /** Adds lines to an accreditation: by the institute above unless somebody else is named; an institute's by the institutes. */
  accredit(
    id: string,
    lines: readonly AccreditationLine[],
    { author, under = { body: null, number: null }, ...saying }: GrantSpec = {},
  ): Item {
    const statement = this.statement('accreditation', {
      ...saying,
      author: author ?? this.#topOf(id),
      subject: { kind: 'organisation', id },
      body: { ...under, lines },
    });
    return this.#accreditation(id, this.sign(statement, saying.signers), saying);
  }

  /** Ends lines of an accreditation: by default all of the first that the institute above granted. */
  reduce(id: string, { author, grantor, accreditation = 1, lines = null, validTo, ...saying }: ReductionSpec): Item {
    const reducing = author ?? this.#topOf(id);
    const statement = this.statement('reduction', {
      ...saying,
      author: reducing,
      subject: { kind: 'organisation', id },
      body: { grantor: grantor ?? reducing, accreditation, lines, validTo },
    });
    return this.#accreditation(id, this.sign(statement, saying.signers), saying);
  }

  /** What an owner requires of its devices; with `by` as somebody else would say it. */
  require(owner: string, body: Requirements, { by = owner, ...saying }: Saying & { readonly by?: string } = {}): Item {
    const statement = this.statement('requirements', {
      ...saying,
      author: by,
      subject: { kind: 'organisation', id: owner },
      body,
    });
    const jws = this.sign(statement, saying.signers);
    const entry = this.entry(jws, saying);
    this.changeOrganisation(owner, (record) => ({ ...record, requirements: [...record.requirements, entry] }));
    return this.step({ statement: jws }, entry.registered.date);
  }

  // --- People -----------------------------------------------------------------------------------------------------

  addOfficer(spec: PersonSpec): Promise<Item> {
    return this.#authorise('officer', spec, []);
  }

  /** Adds a technician, or renews one's key. */
  addTechnician({ quantities = ['temperature', 'mass'], ...spec }: TechnicianSpec): Promise<Item> {
    return this.#authorise('technician', spec, quantities);
  }

  async #authorise(role: PersonRole, spec: PersonSpec, quantities: readonly string[]): Promise<Item> {
    const { organisation, certifiedBy = organisation, ...saying } = spec;
    const id = ownedId(organisation, spec.id);
    const holder = await this.addHolder(
      { role, id, organisation, certifiedBy: this.holder('organisation', certifiedBy) },
      spec,
    );
    const authorisation = this.statement('authorisation', {
      ...saying,
      author: organisation,
      subject: { kind: 'person', id },
      body: { role, certificateSha256: holder.certificateSha256, quantities },
    });
    const statement = this.sign(authorisation, saying.signers);
    const entry = this.#certified(statement, holder, saying);
    const record = this.people.get(id) ?? { id, authorisations: [], impediments: [] };
    this.people.set(id, { ...record, authorisations: [...record.authorisations, entry] });
    return this.step({ statement, certificate: holder.certificate }, entry.registered.date);
  }

  // --- Parts ------------------------------------------------------------------------------------------------------

  #root(spec: OrganisationSpec): Promise<KeyHolder> {
    const { id } = spec;
    return this.addHolder({ role: 'organisation', id, organisation: id, certifiedBy: null }, spec);
  }

  async #admit(spec: OrganisationSpec): Promise<Item> {
    const { id } = spec;
    const saying = sayingOf(spec);
    const holder = await this.#root(spec);
    const admission = this.statement('admission', {
      ...saying,
      author: this.#firstOf(saying.signers, id),
      subject: { kind: 'organisation', id },
      body: { certificateSha256: holder.certificateSha256 },
    });
    const { certificate } = holder;
    const statement = this.sign(admission, saying.signers);
    const entry = this.#certified(statement, holder, saying);
    this.changeRegistry((record) => ({ ...record, changes: [...record.changes, entry] }));
    const memberships = [this.#join(spec, holder, saying)];
    const item = this.step({ statement, certificate, memberships }, entry.registered.date);
    this.institutes = [...this.institutes, id];
    await this.#equip(spec);
    return item;
  }

  /** Files what a new organisation is. */
  #join(spec: OrganisationSpec, holder: KeyHolder, saying: Saying, signers?: readonly string[]): Jws {
    const { id, kind, certifiedBy = null, mspId = mspIdOf(id), name = `The ${id}` } = spec;
    const { certificateSha256 } = holder;
    const membership: StatementOf<'organisation'> = this.statement('organisation', {
      number: 0,
      ...saying,
      author: id,
      subject: { kind: 'organisation', id },
      body: {
        ...{ kind, mspId, name, country: 'DE', certifier: certifiedBy, certificateSha256 },
        ...(spec.pseudonym && hiddenOrganisation(spec.pseudonym)),
      },
    });
    const statement = this.sign(membership, signers);
    const memberships = [this.#certified(statement, holder, saying)];
    this.organisations.set(id, { id, memberships, accreditations: [], requirements: [], impediments: [] });
    return statement;
  }

  /** An officer, and what an institute or a laboratory may calibrate. */
  async #equip(spec: OrganisationSpec): Promise<void> {
    const { id, kind, scopes } = spec;
    const saying = when(spec);
    await this.addOfficer({ ...saying, id: `${id}/officer`, organisation: id });
    const lines = scopes ?? (kind === 'NMI' || kind === 'LAB' ? [temperatureScope(), massScope()] : []);
    if (lines.length > 0) {
      this.accredit(id, lines, saying);
    }
  }

  /** The institute at the top of an organisation's certification. */
  #topOf(id: string): string {
    const certifier = this.membershipOf(id)?.body.certifier ?? null;
    return certifier === null ? id : this.#topOf(certifier);
  }

  /** The first institute that signs, in whose name a decision of several is: by default the first of all. */
  #firstOf(signers: readonly string[] = [], newcomer = ''): string {
    const speaking = signers.flatMap((signer) => voiceOf(signer.split('=')[0] ?? '') ?? []);
    return speaking.find((id) => id !== newcomer && this.institutes.includes(id)) ?? this.institutes[0] ?? '';
  }

  #accreditation(id: string, statement: Jws, saying: Saying): Item {
    const entry = this.entry(statement, saying);
    this.changeOrganisation(id, (record) => ({ ...record, accreditations: [...record.accreditations, entry] }));
    return this.step({ statement }, entry.registered.date);
  }

  #certified(statement: Jws, { certificate }: KeyHolder, saying: Saying): CertifiedEntry {
    return { ...this.entry(statement, saying), certificate };
  }
}

function sayingOf({ number, signers, ...spec }: Saying): Saying {
  return { ...when(spec), ...(number !== undefined && { number }), ...(signers && { signers }) };
}

/** The dates at which something is said, and nothing else of how. */
function when({ registered, date }: Saying): Saying {
  return { ...(registered !== undefined && { registered }), ...(date !== undefined && { date }) };
}
