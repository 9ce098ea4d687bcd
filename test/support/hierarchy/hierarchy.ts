import { registrantOf } from '@tracecal/core/model';
import type { Entry, Instant, SubjectKind } from '@tracecal/core/model';
import { traceCal, traceOptions } from '@tracecal/core/trace';
import type { Verdict } from '@tracecal/core/trace';
import { Reports } from './reports.js';
import { temperatureResult } from './samples.js';
import type { ImpedimentSpec, Item, Saying } from './specs.js';

type ImpedimentKind = 'revocation' | 'suspension' | 'reinstatement';

/**
 * Builds calibration hierarchies for tests: the records that a registry would hold, and the transactions that make it
 * hold them. Nothing is checked, so that tests can also build what no registry would accept.
 */
export class Hierarchy extends Reports {
  trace(device: string, options: Readonly<Record<string, unknown>> = {}): Promise<Verdict> {
    return traceCal(this, this.idOf('device', device), traceOptions({ asOf: this.dates.asOf, ...options }));
  }

  /** Says something against a subject, or takes it back. */
  addStatement(
    what: ImpedimentKind,
    [kind, id]: readonly [kind: Exclude<SubjectKind, 'registry'>, id: string],
    spec: ImpedimentSpec = {},
  ): Item {
    const { objected } = this.dates;
    const { reason = 'unspecified', effective = objected, ...saying } = spec;
    const registered = spec.registered ?? (effective > objected ? effective : objected);
    const whole = this.idOf(kind, id);
    const author = spec.author ?? this.#responsible(kind, whole);
    const statement = this.statement(what, {
      ...saying,
      registered,
      author,
      subject: { kind, id: whole },
      body: what === 'reinstatement' ? { lifts: spec.lifts ?? author, effective } : { reason, effective },
    });
    const jws = this.sign(statement, saying.signers);
    if (this.institutes.includes(whole)) {
      if (this.institutes.includes(author) && !spec.signers) {
        this.fallen[what === 'reinstatement' ? 'delete' : 'add'](whole);
      }
      return this.changeInstitutes(jws, { ...saying, registered });
    }
    const entry = this.entry(jws, { registered });
    this.#object(kind, whole, entry);
    return this.step({ statement: jws }, registered);
  }

  /** Seals the open epoch. */
  seal(
    date: Instant = this.dates.sealed,
    { institute, ...saying }: Saying & { readonly institute?: string } = {},
  ): Item {
    const statement = this.statement('seal', {
      number: this.seals.length,
      registered: date,
      ...saying,
      author: institute ?? this.institutes[0] ?? '',
      subject: { kind: 'registry', id: this.channel },
      body: {},
    });
    this.seals.push(date);
    return this.step({ statement: this.sign(statement, saying.signers) }, date);
  }

  /** An institute signs the last sealed epoch. */
  addHeartbeat(institute: string, { digest, ...saying }: Saying & { readonly digest?: string } = {}): Item {
    const [epoch, date] = [this.seals.length - 1, this.seals.at(-1) ?? this.dates.sealed];
    const statement = this.statement('heartbeat', {
      number: epoch,
      registered: date,
      ...saying,
      author: institute,
      subject: { kind: 'registry', id: this.channel },
      body: { digest: digest ?? '0'.repeat(64) },
    });
    const entry = this.entry(this.sign(statement, saying.signers), { registered: saying.registered ?? date });
    this.heartbeats.set(institute, { institute, statement: entry });
    return this.step({ statement: entry.jws }, entry.registered.date);
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
    return this.idOf('device', `${prefix}-1`);
  }

  #responsible(kind: SubjectKind, id: string): string {
    return (kind === 'organisation' ? this.membershipOf(id)?.body.certifier : null) ?? registrantOf(id);
  }

  /** Nothing is filed about what nobody has registered. */
  #object(kind: SubjectKind, id: string, entry: Entry): void {
    const add = <T extends { readonly impediments: readonly Entry[] }>(record: T): T => ({
      ...record,
      impediments: [...record.impediments, entry],
    });
    if (kind === 'report' && this.reports.has(id)) {
      this.changeReport(id, add);
    } else if (kind === 'device' && this.devices.has(id)) {
      this.changeDevice(id, add);
    } else if (kind === 'person' && this.people.has(id)) {
      this.changePerson(id, add);
    } else if (kind === 'organisation' && this.organisations.has(id)) {
      this.changeOrganisation(id, add);
    }
  }
}
