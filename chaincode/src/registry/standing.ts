import type { Key } from '../contract/index.js';
import { parseAs, RegistryError, standingSchema } from '../model/index.js';
import type {
  DeviceFile,
  Instant,
  OrganisationFile,
  StandingAction,
  StandingRequest,
  Statement,
} from '../model/index.js';
import { impediment, payloadOf } from '../trace/index.js';
import { EVENTS } from './api.js';
import type { Announcement } from './api.js';
import { certificationChain } from './caller.js';
import type { Caller } from './caller.js';
import { keys } from './keys.js';
import { requireLanes } from './lanes.js';
import { granters } from './organisations.js';
import { required } from './state.js';
import type { StateReader, StateWriter } from './state.js';

const events = { revoke: EVENTS.revoked, suspend: EVENTS.suspended, reinstate: EVENTS.reinstated } as const;

/** Statements about one thing; as many as a record may hold. The last place is kept for a revocation. */
const MAX_STATEMENTS = 1000;

/** What is to be spoken of: what was said before, who has a say, and where to write. */
interface Subject {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** Its issuer and the organisations above it; for a device also its owner and those above that one. */
  readonly authorities: readonly (readonly OrganisationFile[])[];
  readonly key: Key;
  record(statements: readonly Statement[]): DeviceFile | OrganisationFile;
}

/** Revokes, suspends or reinstates a report, device, technician or organisation by adding a statement to its record. */
export async function changeStanding(
  action: StandingAction,
  state: StateWriter,
  caller: Caller,
  json: string,
): Promise<Announcement> {
  caller.requireRole('registrar');
  const { kind, id, reason, effective } = parseAs<StandingRequest>(standingSchema, 'request', json);
  const subject = await find[kind](state, id);
  const acting = caller.actsForOneOf(subject.authorities, state.now).organisation;
  const statement: Statement = {
    action,
    reason,
    effective: effective ?? state.now,
    by: acting.id,
    recorded: state.stamp,
  };
  rules[action](subject, statement);
  if (subject.statements.length >= MAX_STATEMENTS - (action === 'revoke' ? 0 : 1)) {
    throw new RegistryError(
      'STANDING_INVALID',
      `${subject.name} has had ${subject.statements.length} statements: no more are kept, but for a revocation.`,
    );
  }
  await requireLanes(state, [acting.mspId]);
  await state.write(subject.key, subject.record([...subject.statements, statement]));
  return state.announce({ type: events[action], kind, id });
}

const find: Readonly<Record<StandingRequest['kind'], (state: StateReader, id: string) => Promise<Subject>>> = {
  async report(state, id) {
    const { device } = await required('report', id, state.report(id));
    const file = await required('device', device, state.device(device));
    const report = await required('report', id, file.reports[id]);
    const payload = payloadOf(report);
    if (payload instanceof RegistryError) {
      throw payload;
    }
    return {
      name: `report ${id}`,
      statements: report.statements,
      authorities: [await certificationChain(state, payload.organisation)],
      key: keys.device(device),
      record: (statements) => ({ ...file, reports: { ...file.reports, [id]: { ...report, statements } } }),
    };
  },

  async device(state, id) {
    const file = await required('device', id, state.device(id));
    // Who drops a standard must be able to say so at once, whoever imprinted it.
    const responsible = new Set([file.device.organisation, file.device.owner]);
    return {
      name: `device ${id}`,
      statements: file.statements,
      authorities: await Promise.all(
        Array.from(responsible, (organisation) => certificationChain(state, organisation)),
      ),
      key: keys.device(id),
      record: (statements) => ({ ...file, statements }),
    };
  },

  async technician(state, id) {
    const { organisation } = await required('technician', id, state.technician(id));
    const file = await required('organisation', organisation, state.organisation(organisation));
    const entry = await required('technician', id, file.technicians[id]);
    return {
      name: `technician ${id}`,
      statements: entry.statements,
      authorities: [await certificationChain(state, organisation)],
      key: keys.organisation(organisation),
      record: (statements) => ({ ...file, technicians: { ...file.technicians, [id]: { ...entry, statements } } }),
    };
  },

  async organisation(state, id) {
    const file = await required('organisation', id, state.organisation(id));
    return {
      name: `organisation ${id}`,
      statements: file.statements,
      authorities: [granters(await certificationChain(state, id))],
      key: keys.organisation(id),
      record: (statements) => ({ ...file, statements }),
    };
  },
};

const rules: Readonly<Record<StandingAction, (subject: Subject, statement: Statement) => void>> = {
  /** Again only if it says more: a graver reason than cessation, or an earlier date. */
  revoke({ name, statements }, { reason, effective }) {
    const said = statements.find(
      (earlier) =>
        earlier.action === 'revoke' &&
        earlier.effective <= effective &&
        (earlier.reason !== 'cessation' || reason === 'cessation'),
    );
    if (said) {
      throw new RegistryError(
        'STANDING_INVALID',
        `${name} is revoked already since ${said.effective} (${said.reason}).`,
      );
    }
  },

  suspend({ name, statements }, { effective }) {
    const found = impediment(statements, effective, effective);
    if (found) {
      throw new RegistryError('STANDING_INVALID', `${name} is ${found.state} already since ${found.effective}.`);
    }
    requireOrder(name, statements, effective);
  },

  /** Lifts a suspension: by whom it was said, or above. An owner does not lift what the imprinter said, nor the other way round. */
  reinstate({ name, statements, authorities }, { effective, by }) {
    if (statements.some(({ action }) => action === 'revoke')) {
      throw new RegistryError('STANDING_INVALID', `${name} is revoked, and a revocation is for good.`);
    }
    const last = statements.at(-1);
    if (last?.action !== 'suspend') {
      throw new RegistryError('STANDING_INVALID', `${name} is not suspended.`);
    }
    const isAbove = (chain: readonly OrganisationFile[]) => {
      const rank = (id: string) => chain.findIndex(({ organisation }) => organisation.id === id);
      return rank(last.by) >= 0 && rank(by) >= rank(last.by);
    };
    if (!authorities.some(isAbove)) {
      throw new RegistryError(
        'NOT_AUTHORISED',
        `${name} was suspended by ${last.by}: it or an organisation that certifies it must lift that.`,
      );
    }
    requireOrder(name, statements, effective);
  },
};

/** A suspension and what lifts it hold one after the other: a date before the last one would rewrite what was. */
function requireOrder(name: string, statements: readonly Statement[], effective: Instant): void {
  const last = statements.findLast(({ action }) => action !== 'revoke');
  if (last && effective < last.effective) {
    throw new RegistryError(
      'TIME_INVALID',
      `${name} was the subject of a statement effective ${last.effective}; a later one cannot hold from ${effective}.`,
    );
  }
}
