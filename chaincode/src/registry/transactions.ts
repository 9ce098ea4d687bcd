import { EVENTS } from '@tracecal/core/contracts';
import type { EventName } from '@tracecal/core/contracts';
import { isKind } from '@tracecal/core/model';
import type { Item, Statement, StatementKind, Subject } from '@tracecal/core/model';
import { accredit, reduce } from './register/accreditations.js';
import { accept, consent, reject } from './register/decisions.js';
import { registerDevice, setInterval, transferDevice } from './register/devices.js';
import { heartbeat, seal } from './register/epochs.js';
import { confirm } from './register/confirmations.js';
import { vouch } from './register/vouchings.js';
import { changeStanding } from './register/impediments.js';
import { admit, found, setPolicy } from './register/institutes.js';
import { registerOrganisation } from './register/organisations.js';
import { authorise } from './register/people.js';
import { registerReport } from './register/reports.js';
import { setRequirements } from './register/requirements.js';
import { review } from './register/reviews.js';
import type { Details, Registration } from './registration.js';

/** How to register statements of one type. */
export interface Rule {
  /** The named transaction that accepts them, besides `submitStatements`. */
  readonly transaction: string;
  readonly event: EventName;
  /** The members allowed next to the statement. */
  readonly beside: readonly Exclude<keyof Item, 'statement'>[];
  /** The subjects that the change log names. A statement needs one if it can change a verdict other than for the better. */
  readonly logs: (statement: Statement, details: Details) => readonly Subject[];
  readonly register: (registration: Registration) => Promise<Details>;
}

const nothing = () => [];
const subject = ({ subject: about }: Statement) => [about];

/**
 * The one table of registry transactions, by type of statement.
 *
 * The change log contains reports, owners' decisions about reports and devices, new keys of devices, impediments,
 * reductions, and joint decisions of the institutes. It does not contain registrations, authorisations, accreditations,
 * seals and heartbeats: a trace that lacks one of these can only get worse.
 *
 * A line names nothing of somebody else who was not asked: otherwise strangers could take the freshness of any bundle.
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
  consent: rule('consent', EVENTS.consented, consent, { logs: unlessStrange }),
  review: rule('review', EVENTS.reviewed, review, { logs: unlessStrange }),
  confirmation: rule('confirm', EVENTS.confirmed, confirm, { logs: subject }),
  vouching: rule('vouch', EVENTS.vouched, vouch, { logs: ifSaidBefore }),
  revocation: rule('revoke', EVENTS.revoked, changeStanding, { logs: subject }),
  suspension: rule('suspend', EVENTS.suspended, changeStanding, { logs: subject }),
  reinstatement: rule('reinstate', EVENTS.reinstated, changeStanding, { logs: subject }),
  seal: rule('seal', EVENTS.sealed, seal),
  heartbeat: rule('heartbeat', EVENTS.heartbeat, heartbeat),
};

const AMENDMENT = { transaction: 'amendReport', event: EVENTS.reportAmended } as const;

/** The rule for a statement: a report that amends another has a separate transaction name. */
export function ruleFor(kind: StatementKind, statement: Statement): Rule {
  const found = rules[kind];
  return isKind(statement, 'report') && statement.body.supersedes !== null ? { ...found, ...AMENDMENT } : found;
}

/**
 * A report that counts changes the trace of its device; others may depend on an amended one. A report that nobody has
 * accepted changes no verdict, so it names itself and not its device: otherwise strangers could fill the log with another
 * owner's device.
 */
function reported(statement: Statement, { accepted = false }: Details): readonly Subject[] {
  if (!isKind(statement, 'report')) {
    return [];
  }
  const { device, supersedes } = statement.body;
  const named: Subject = accepted ? { kind: 'device', id: device } : statement.subject;
  return [named, ...(supersedes ? [{ kind: 'report', id: supersedes.report } as const] : [])];
}

/**
 * A trace that reads a consent names both its owner and the laboratory; one that reads a review, both its cause and the laboratory. So
 * one of the two is enough, and a stranger names only itself. No strangers are an owner whom that laboratory certified, and whoever used
 * the standard that the cause is about.
 */
function unlessStrange(statement: Statement, { isKnown = false }: Details): readonly Subject[] {
  return isKnown ? [statement.subject] : [{ kind: 'organisation', id: statement.author }];
}

/** The first word of an organisation that vouches for a report can only make verdicts better; a later one may take that back. */
function ifSaidBefore({ subject: about }: Statement, { isKnown = false }: Details): readonly Subject[] {
  return isKnown ? [about] : [];
}

/** A further key ends the one before, and its certifier has a say about the device from then on. */
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
