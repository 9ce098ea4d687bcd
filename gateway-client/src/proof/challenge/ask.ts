import { randomBytes } from 'node:crypto';
import { canonicalJson, instantOf, millisecondsOf, RegistryError, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { traceOptions } from '@tracecal/core/trace';
import { printable, TraceCalError } from '../../client/index.js';
import { httpGet } from '../../client/httpGet.js';
import type { HttpAnswer } from '../../client/httpGet.js';
import { traceOptionsOf } from '../../client/traceQuestion.js';
import { requireAsked } from '../verify/asked.js';
import { bundledQuestion } from '../verify/bundle.js';
import { BUNDLE_MEDIA_TYPE, MOST_BUNDLE_BYTES, readBundle, verifyBundle } from '../verify/index.js';
import type { Asked, BundledQuestion, ProofReport } from '../verify/index.js';
import { BUNDLE_PATH, parametersOf } from './challenge.js';
import type { Challenge } from './challenge.js';

const NONCE_BYTES = 16;
const TIMEOUT_MS = 30_000;

/** An answer that was checked here. */
export interface AnsweredChallenge {
  /** The bundle as it came. */
  readonly text: string;
  readonly nonce: string;
  readonly report: ProofReport;
}

/**
 * Asks a member's service about a device, with a new nonce, and checks the answer here. It needs no account, and believes the service
 * nothing: it can only refuse.
 *
 * @param service - Its address, like `https://proof.lab-alpha.example`.
 * @param question - About now. The service, and the members whose peers endorse, learn it.
 * @param trust - As {@link verifyBundle} takes it. Whether the tier endorsed holds is in the report.
 * @throws TraceCalError `UNAVAILABLE`, `TIMED_OUT`, or `ANSWER_INVALID` with what the service said
 * @throws RegistryError `INPUT_INVALID` for an answer to another question, and as {@link verifyBundle}
 * @example
 * const { report } = await ask('https://proof.lab-alpha.example', { device: 'oem-a/sensor-17' }, { roots, endorsers });
 * console.log(report.verdict.status, report.tiers.endorsed.holds);
 */
export async function ask(
  service: string,
  question: Omit<Challenge, 'nonce'>,
  trust: Omit<Asked, 'nonce' | 'asOf'>,
  { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<AnsweredChallenge> {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  requireAsked({ ...trust, nonce });
  const challenge = { ...question, nonce };
  const address = addressOf(service);
  address.search = parametersOf(challenge).toString();
  const text = await fetched(address, timeoutMs);
  const answered = requireAnswer(text, challenge);
  // The service chose the moment. What its records hold against something from then until now counts as well.
  const now = instantOf(Date.now());
  const asOf = answered > now ? answered : now;
  return { text, nonce, report: await verifyBundle(text, { ...trust, nonce, asOf }) };
}

/** @throws RegistryError `INPUT_INVALID` */
function addressOf(service: string): URL {
  const address = URL.canParse(service) ? new URL(service) : undefined;
  if (!address || !['http:', 'https:'].includes(address.protocol) || address.username !== '' || address.search !== '') {
    throw new RegistryError(
      'INPUT_INVALID',
      `"${printable(service, 100)}" is no address of a service: write one like https://proof.lab-alpha.example.`,
    );
  }
  address.pathname = address.pathname.replace(/\/?$/, BUNDLE_PATH);
  address.hash = '';
  return address;
}

async function fetched(address: URL, timeoutMs: number): Promise<string> {
  const answer = await httpGet(address, { mostBytes: MOST_BUNDLE_BYTES, timeoutMs, accept: BUNDLE_MEDIA_TYPE });
  if (answer.status !== 200) {
    throw refusedBy(address, answer);
  }
  return answer.text;
}

/** What a service says is a stranger's text. */
function refusedBy({ origin }: URL, { status, headers, text }: HttpAnswer): TraceCalError {
  const said = printable(detailIn(text), 300);
  const again = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0];
  const when = again === undefined ? '' : ` It may answer again in ${again} s.`;
  const words = `${origin} answers with status ${status}${said === '' ? '.' : `, and says: ${said}`}${when}`;
  return new TraceCalError(status === 429 || status === 503 ? 'NOT_READY' : 'ANSWER_INVALID', words);
}

function detailIn(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { readonly detail?: unknown };
    return typeof detail === 'string' ? detail : '';
  } catch {
    return '';
  }
}

/**
 * What a bundle says that it answers: verified, it is still an answer to another question, or about another moment.
 *
 * @returns The moment that it answers for.
 * @throws RegistryError `INPUT_INVALID`, and as {@link readBundle}
 */
function requireAnswer(text: string, { device, ...asked }: Challenge): Instant {
  const { question, ...bundle } = readBundle(text);
  const { asOf } = question;
  if (bundle.device !== device || canonicalJson(question) !== canonicalJson(questionAt(asOf, asked))) {
    throw new RegistryError(
      'INPUT_INVALID',
      'the service answered another question than it was asked: ask another one.',
    );
  }
  if (Math.abs(millisecondsOf(asOf) - Date.now()) > TIME_WINDOW_MS) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the service answered as of ${asOf}, and here it is ${instantOf(Date.now())}: check the clock of this machine, or ask another one.`,
    );
  }
  return asOf;
}

function questionAt(asOf: Instant, { quantity, at }: Pick<Challenge, 'quantity' | 'at'>): BundledQuestion {
  const asked = { asOf, ...(quantity !== undefined && { quantity }), ...(at && { at }) };
  return bundledQuestion(traceOptions(traceOptionsOf(asked)));
}
