import { dirname, resolve } from 'node:path';
import type { DirectiveAnswered, DirectiveGiven, DirectiveRecord, PersonAnswer } from '@tracecal/core/contracts';
import { answerThatCounts, readDirective, unverifiedAnswer, unverifiedDirective } from '@tracecal/core/directives';
import type { Answer, AnswerOutcome, Directive, OperatorPin, SignedDirective } from '@tracecal/core/directives';
import { instantOf } from '@tracecal/core/model';
import { isIssuedBy, readCertificate } from '@tracecal/core/signing';
import type { Committed, Measurement } from '../../client/index.js';
import { atomicWrite } from '../../client/atomicWrite.js';
import { operatorPinText, signAnswer, signDirective, writeDirectives } from '../../device/directives/index.js';
import { all } from '../all.js';
import { ApplicationError } from '../errors.js';
import type { CalibrationKeys } from '../keys/calibrationKeys.js';
import type { Channel } from '../session/consortium.js';
import type { Session } from '../session/session.js';
import { officerOf } from './people.js';

/** What is directed; numbers, date and signature are added. */
export interface DirectiveSpec
  extends Pick<Directive, 'kind' | 'reason' | 'until' | 'limit' | 'measure'>, Partial<Pick<Directive, 'from'>> {
  readonly devices: readonly string[];
}

export interface GivenDirective {
  readonly signed: SignedDirective;
  readonly committed: Committed<DirectiveGiven>;
}

/** Who directs on a site's channel: the organisation that the user acts as, or the only one that may write there. */
function operatorOf({ actor }: Session, { writers }: Channel): string {
  return actor ?? writers[0] ?? '';
}

/** The operator whose directives count on a site, as the registry knows it now; without the revocations of its officers. */
export async function operatorPin(session: Session, site: Channel): Promise<OperatorPin> {
  const [operator = ''] = site.writers;
  const reader = await session.reader();
  const { record } = await reader.getOrganisation(operator);
  return {
    registry: await session.registry(),
    operator,
    certificates: record.memberships.map(({ certificate }) => certificate),
  };
}

/** For those who ask nobody later. It takes a list of all people of the operator; the contract judges by itself who may sign. */
async function pinWithRevocations(session: Session, site: Channel): Promise<OperatorPin> {
  const pin = await operatorPin(session, site);
  const reader = await session.reader();
  const revoked: NonNullable<OperatorPin['revoked']>[number][] = [];
  for await (const { id, role, impediment } of reader.people({ registrant: pin.operator })) {
    if (role === 'officer' && impediment) {
      revoked.push(...revokedOf(await reader.getTechnician(id)));
    }
  }
  return { ...pin, ...(revoked.length > 0 && { revoked }) };
}

/** All certificates of an officer, if one revocation holds. */
function revokedOf({ impediments, record }: PersonAnswer): NonNullable<OperatorPin['revoked']> {
  return impediments
    .filter(({ state }) => state === 'revoked')
    .flatMap(({ effective: from }) =>
      record.authorisations.map(({ certificate }) => ({
        sha256: readCertificate(certificate, 'officer').sha256,
        from,
      })),
    );
}

/** Signs a directive as the operator's officer, with the next number of every device, and puts it on the site's channel. */
export async function giveDirective(session: Session, site: Channel, spec: DirectiveSpec): Promise<GivenDirective> {
  const compartment = await session.measurement(site);
  const { devices, from, ...rest } = spec;
  const operator = operatorOf(session, site);
  const pin = await operatorPin(session, site);
  const heads = spec.kind === 'override' ? [] : await compartment.getDirectiveHeads(devices);
  const date = instantOf(Date.now());
  const signed = await signDirective(
    {
      registry: pin.registry,
      operator,
      date,
      devices: devices.map((id, place) =>
        spec.kind === 'override' ? { id } : { id, number: (heads[place]?.number ?? 0) + 1 },
      ),
      from: from ?? date,
      ...rest,
    },
    await session.keys.signer('officer', officerOf(operator)),
    pin.certificates,
  );
  return { signed, committed: await compartment.giveDirective(signed.envelope) };
}

/** An override as an officer signs it in an emergency, without a network. */
export interface OverrideSpec extends Pick<DirectiveSpec, 'reason' | 'from' | 'until'> {
  /** Their ids in full. */
  readonly devices: readonly string[];
}

/**
 * Signs an override with the officer's key and the operator's pin file alone: an emergency is when the network is down. It has no number
 * that anybody would have to be asked for.
 *
 * @throws ApplicationError `KEYS_MISSING`, `INPUT_INVALID` if the pin file says that the officer's certificate is revoked; as `signDirective`
 */
export async function signOverride(
  keys: CalibrationKeys,
  pin: OperatorPin,
  { devices, reason, from, until }: OverrideSpec,
): Promise<SignedDirective> {
  const date = instantOf(Date.now());
  const { registry, operator } = pin;
  const content = {
    ...{ registry, operator, date, reason, kind: 'override' as const },
    devices: devices.map((id) => ({ id })),
    from: from ?? date,
    ...(until !== undefined && { until }),
  };
  const signer = await keys.signer('officer', officerOf(operator));
  const { envelope } = await signDirective(content, signer, pin.certificates);
  const signed = readDirective(envelope, pin);
  if (signed.isRevoked) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `The pin file says that the certificate of ${signed.officer} is revoked: no gate would open.`,
    );
  }
  return signed;
}

/** Puts a directive on its site's channel that was signed elsewhere, such as an override of an emergency. */
export async function submitDirective(session: Session, site: Channel, signed: string): Promise<GivenDirective> {
  const compartment = await session.measurement(site);
  const read = readDirective(signed, await operatorPin(session, site));
  return { signed: read, committed: await compartment.giveDirective(read.envelope) };
}

export interface ListedDirective {
  readonly digest: string;
  readonly officer: string;
  /** When the channel got it, and the MSP that submitted it. */
  readonly recorded: DirectiveRecord['recorded'];
  readonly by: string;
  readonly content: Directive;
  /** All, by device in the order in which they came. */
  readonly answers: readonly Answer[];
  /** Of each device that is answered for, the one that counts. */
  readonly counting: readonly Answer[];
}

/** The directives on a site's channel, verified, with their answers; of one device only, if it is named. */
export async function listDirectives(
  session: Session,
  site: Channel,
  device?: string,
): Promise<readonly ListedDirective[]> {
  const compartment = await session.measurement(site);
  const pin = await operatorPin(session, site);
  const records = await recordsOf(compartment, device);
  return Promise.all(
    records.map(async (record) => {
      const { content, digest, officer } = verified(record, pin);
      const answers = (await all(compartment.getAnswers(digest))).map(({ answer }) => unverifiedAnswer(answer).content);
      const { recorded, by } = record;
      return { digest, officer, recorded, by, content, answers, counting: countingIn(answers) };
    }),
  );
}

function countingIn(answers: readonly Answer[]): readonly Answer[] {
  const devices = [...new Set(answers.map(({ device }) => device))];
  return devices.flatMap((id) => answerThatCounts(answers.filter(({ device }) => device === id)) ?? []);
}

export interface AnswerSpec {
  /** The digest of the directive, or the beginning of it. */
  readonly directive: string;
  readonly device: string;
  readonly outcome: AnswerOutcome;
  readonly what: string;
  /** The gateway that answers; the device itself if not given. */
  readonly by?: string;
}

/** Signs what became of a directive, with the key of the device or its gateway, and puts it on the site's channel. */
export async function answerDirective(
  session: Session,
  site: Channel,
  { directive: given, device, outcome, what, by = device }: AnswerSpec,
): Promise<Committed<DirectiveAnswered>> {
  const compartment = await session.measurement(site);
  const found = (await recordsOf(compartment)).filter(({ digest }) => digest.startsWith(given));
  const [directive] = found;
  if (!directive || found.length > 1) {
    const many = found.length > 1 ? 'several directives begin' : 'no directive begins';
    throw new ApplicationError('NOT_REGISTERED', `On ${site.name} ${many} with ${given}: run \`directive list\`.`);
  }
  const { jws } = await signAnswer(
    {
      registry: await session.registry(),
      directive: directive.digest,
      device,
      by,
      outcome,
      date: instantOf(Date.now()),
      what,
    },
    await session.keys.signer('device', by),
  );
  return compartment.answerDirective(jws);
}

export interface ExportedDirectives {
  readonly folder: string;
  readonly operator: string;
  readonly directives: number;
  /** Files that were written now; the others were there already, as they should be. */
  readonly written: number;
  /** SHA-256 of the operator's certificates, to compare over another channel before they are pinned. */
  readonly certificates: readonly string[];
}

/**
 * Writes the directives on a site's channel into a folder, one a file, for gates and filters that ask nobody.
 *
 * @param pinFile - Where the operator's certificates are written as well.
 */
export async function exportDirectives(
  session: Session,
  site: Channel,
  { folder, pinFile }: { readonly folder: string; readonly pinFile?: string | undefined },
): Promise<ExportedDirectives> {
  if (pinFile !== undefined && dirname(resolve(pinFile)) === resolve(folder)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${folder} holds directives only, and another file would close every gate: write ${pinFile} elsewhere.`,
    );
  }
  const pin = await pinWithRevocations(session, site);
  const time = instantOf(Date.now());
  const records = await recordsOf(await session.measurement(site));
  const signed = records.map((record) => verified(record, pin));
  const written = await writeDirectives(folder, { pin, directives: signed, time });
  const needed = await neededPin(session, pin, signed);
  if (pinFile !== undefined) {
    await atomicWrite(pinFile, operatorPinText(needed));
  }
  return {
    folder,
    operator: pin.operator,
    directives: signed.length,
    written,
    certificates: needed.certificates.map((certificate) => readCertificate(certificate, 'organisation').sha256),
  };
}

/**
 * The newest certificate, and those earlier ones that an officer's certificate in use still leads to: whoever got hold of a key that was
 * replaced must not be able to direct.
 */
async function neededPin(session: Session, pin: OperatorPin, signed: readonly SignedDirective[]): Promise<OperatorPin> {
  const officer = await session.officer(officerOf(pin.operator));
  const current = officer?.record.authorisations.at(-1)?.certificate;
  const used = [...signed.map(({ envelope }) => envelope.certificate), ...(current === undefined ? [] : [current])];
  const officers = [...new Set(used)].map((certificate) => readCertificate(certificate, 'officer'));
  return {
    ...pin,
    certificates: pin.certificates.filter((certificate, place) => {
      const own = readCertificate(certificate, 'organisation');
      return place === pin.certificates.length - 1 || officers.some((each) => isIssuedBy(each, own));
    }),
  };
}

async function recordsOf(compartment: Measurement, device?: string): Promise<readonly DirectiveRecord[]> {
  const records = await all(compartment.listDirectives());
  return device === undefined
    ? records
    : records.filter((record) => contentOf(record).devices.some(({ id }) => id === device));
}

function contentOf({ directive, certificate }: DirectiveRecord): Directive {
  return unverifiedDirective({ directive, certificate }).content;
}

function verified({ directive, certificate }: DirectiveRecord, pin: OperatorPin): SignedDirective {
  return readDirective({ directive, certificate }, pin);
}
