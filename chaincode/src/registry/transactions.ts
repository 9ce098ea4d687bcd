import { EVENTS } from '@tracecal/core/contracts';
import type { EventName } from '@tracecal/core/contracts';
import { isKind } from '@tracecal/core/model';
import type { Item, Statement, StatementKind, Subject } from '@tracecal/core/model';
import { accredit, reduce } from './register/accreditations.js';
import { accept, consent, reject } from './register/decisions.js';
import { registerDevice, setInterval, transferDevice } from './register/devices.js';
import { heartbeat, seal } from './register/epochs.js';
import { confirm } from './register/confirmations.js';
import { changeStanding } from './register/impediments.js';
import { admit, found, setPolicy } from './register/institutes.js';
import { registerOrganisation } from './register/organisations.js';
import { authorise } from './register/people.js';
import { registerReport } from './register/reports.js';
import { setRequirements } from './register/requirements.js';
import { review } from './register/reviews.js';
import type { Details, Registration } from './registration.js';

/** How statements of a type are registered. */
export interface Rule {
  /** The named transaction that takes them, besides `submitStatements`. */
  readonly transaction: string;
  readonly event: EventName;
  /** What may come beside the statement. */
  readonly beside: readonly Exclude<keyof Item, 'statement'>[];
  /** The subjects that the change log names: of all that can change a verdict, other than for the better. */
  readonly logs: (statement: Statement, details: Details) => readonly Subject[];
  readonly register: (registration: Registration) => Promise<Details>;
}

const nothing = () => [];
const subject = ({ subject: about }: Statement) => [about];

/**
 * What the registry does, by type of statement: the one table of it.
 *
 * The change log holds reports, what owners decide about them and about their devices, new keys of devices, what is said against
 * anything, reductions, and what institutes decide together. Registrations, authorisations, accreditations, seals and heartbeats are
 * not in it: without them a trace can only come out worse.
 */
export const rules: Readonly<Record<StatementKind, Rule>> = {
  founding: rule('found', EVENTS.founded, found, { beside: ['certificates', 'memberships'] }),
  admission: rule('admitInstitute', EVENTS.instituteAdmitted, admit, {
    beside: ['certificate', 'memberships'],
    logs: subject,
  }),
  policy: rule('setPolicy', EVENTS.policySet, setPolicy, { logs: subject }),
  organisation: rule('createOrganisation', EVENTS.organisationCreated, registerOrganisation, {
    beside: ['certificate'],
  }),
  accreditation: rule('accredit', EVENTS.accredited, accredit),
  reduction: rule('reduceAccreditation', EVENTS.accreditationReduced, reduce, { logs: subject }),
  authorisation: rule('createTechnician', EVENTS.technicianCreated, authorise, { beside: ['certificate'] }),
  device: rule('registerDevice', EVENTS.deviceRegistered, registerDevice, {
    beside: ['certificate'],
    logs: renewed,
  }),
  transfer: rule('transferDevice', EVENTS.deviceTransferred, transferDevice, { logs: subject }),
  interval: rule('setInterval', EVENTS.intervalSet, setInterval, { logs: subject }),
  requirements: rule('setRequirements', EVENTS.requirementsSet, setRequirements, { logs: subject }),
  report: rule('createReport', EVENTS.reportCreated, registerReport, {
    beside: ['results', 'acceptance', 'anchor'],
    logs: reported,
  }),
  acceptance: rule('acceptReport', EVENTS.reportAccepted, accept, { logs: subject }),
  rejection: rule('rejectReport', EVENTS.reportRejected, reject, { logs: subject }),
  consent: rule('consent', EVENTS.consented, consent, { logs: subject }),
  review: rule('review', EVENTS.reviewed, review, { logs: subject }),
  confirmation: rule('confirm', EVENTS.confirmed, confirm, { logs: subject }),
  revocation: rule('revoke', EVENTS.revoked, changeStanding, { logs: subject }),
  suspension: rule('suspend', EVENTS.suspended, changeStanding, { logs: subject }),
  reinstatement: rule('reinstate', EVENTS.reinstated, changeStanding, { logs: subject }),
  seal: rule('seal', EVENTS.sealed, seal),
  heartbeat: rule('heartbeat', EVENTS.heartbeat, heartbeat),
};

const AMENDMENT = { transaction: 'amendReport', event: EVENTS.reportAmended } as const;

/** The rule for a statement: a report that amends another has a name of its own. */
export function ruleFor(kind: StatementKind, statement: Statement): Rule {
  const found = rules[kind];
  return isKind(statement, 'report') && statement.body.supersedes !== null ? { ...found, ...AMENDMENT } : found;
}

/**
 * A report that counts changes what its device traces to; one that is amended may have others resting on it. What nobody has
 * accepted changes no verdict and names nobody's device: strangers could make noise about it.
 */
function reported(statement: Statement, { accepted = false }: Details): readonly Subject[] {
  if (!isKind(statement, 'report')) {
    return [];
  }
  const { device, supersedes } = statement.body;
  const named: Subject = accepted ? { kind: 'device', id: device } : statement.subject;
  return [named, ...(supersedes ? [{ kind: 'report', id: supersedes.report } as const] : [])];
}

/** A further key ends the one before, and whoever certified it has a say about the device from then on. */
function renewed({ number, subject: about }: Statement): readonly Subject[] {
  return number > 0 ? [about] : [];
}

function rule<Kind extends StatementKind>(
  transaction: string,
  event: EventName,
  register: (registration: Registration<Kind>) => Promise<Details>,
  { beside = [], logs = nothing }: Partial<Pick<Rule, 'beside' | 'logs'>> = {},
): Rule {
  // The table gives each type its own rule.
  return { transaction, event, beside, logs, register: register as unknown as Rule['register'] };
}
