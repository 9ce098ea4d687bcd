import { isKind, millisecondsOf, openlyStated, registrantOf, RegistryError, TIME_WINDOW_MS } from '../model/index.js';
import type { Imprint, Instant, Membership, Pseudonym } from '../model/index.js';
import { useAt } from '../trace/index.js';
import type { RecordSource } from '../trace/index.js';
import { requireOfficersWord, requireStanding } from '../trace/officersWord.js';
import { Grounds, Opener } from '../trace/open/index.js';
import type { Keyring } from '../trace/open/index.js';
import { leadsTo } from './leaves.js';
import { unverifiedOpening } from './opening.js';
import type { Opening, SignedOpening } from './opening.js';

/** What an opening shows, and by whose word. */
export interface OpenedPseudonym extends SignedOpening {
  /** Facts by their names, as the certifier committed itself to them when it registered the pseudonym. */
  readonly facts: Readonly<Record<string, string>>;
  /** The officer who signed, or the certifier itself. */
  readonly signer: string;
  /** The institute above the certifier. */
  readonly root: string;
  readonly pseudonym: Pseudonym;
}

export interface OpeningAsked {
  /** The moment that is asked about: what was said against the signer until then counts. */
  readonly asOf: Instant;
  /** SHA-256 of the roots that are trusted, hex; absent: any institute of the registry. */
  readonly roots?: readonly string[] | undefined;
}

/**
 * Checks an opening against the registry's records: the pseudonym is registered with this root, every fact leads to it, and who signed
 * was an officer of its certifier on that day and is sound now.
 *
 * @param signed The JWS, or its JSON.
 * @param source The registry's records, or the evidence in a bundle.
 * @throws RegistryError with the first thing that does not hold: `WRONG_REGISTRY`, `NOT_FOUND`, `INPUT_INVALID`, `SIGNATURE_INVALID`,
 * `NOT_AUTHORISED`, `TIME_INVALID`, and as {@link unverifiedOpening}
 */
export async function openPseudonym(
  signed: unknown,
  source: RecordSource,
  { asOf, roots }: OpeningAsked,
): Promise<OpenedPseudonym> {
  const opening = unverifiedOpening(signed);
  const { content } = opening;
  const opener = new Opener(new Grounds(source, asOf));
  const registry = await opener.registry();
  if (content.registry !== registry) {
    throw new RegistryError('WRONG_REGISTRY', `the opening names registry ${content.registry}, not ${registry}.`);
  }
  if (millisecondsOf(content.date) > millisecondsOf(asOf) + TIME_WINDOW_MS) {
    throw new RegistryError('TIME_INVALID', `the opening is dated ${content.date}, which lies ahead of ${asOf}.`);
  }
  const { pseudonym, certifier, body } = await registered(opener, content);
  if (content.certifier !== certifier) {
    throw new RegistryError('NOT_AUTHORISED', `${content.id} is opened by ${certifier}, not by ${content.certifier}.`);
  }
  if (pseudonym.root !== content.root) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the opening names another root than the one that ${content.id} is registered with.`,
    );
  }
  const astray = content.facts.find((fact) => !leadsTo(pseudonym.root, fact));
  if (astray !== undefined) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the fact ${astray.fact} does not lead to the root of ${content.id}: it is not what was registered.`,
    );
  }
  const other = content.facts.find(({ fact, value }) => (openlyStated(body, fact) ?? value) !== value);
  if (other !== undefined) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the opening shows another ${other.fact} of ${content.id} than its registration states openly: its certifier contradicts itself.`,
    );
  }
  const { jws } = opening;
  const { date } = content;
  const signer = await requireOfficersWord(opener, { jws, author: certifier, date, name: 'opening' });
  const root = await requireStanding(opener, certifier, useAt(date), roots);
  const facts = Object.fromEntries(content.facts.map(({ fact, value }) => [fact, value]));
  return { ...opening, facts, signer, root, pseudonym };
}

interface Registered {
  readonly pseudonym: Pseudonym;
  readonly certifier: string;
  readonly body: Imprint | Membership;
}

/**
 * By what the ledger took in, whatever became of those who vouched for it: what is revoked for a fraud has to be opened more than anything.
 */
async function registered({ authority }: Opener, { kind, id }: Opening): Promise<Registered> {
  const { keys }: Keyring =
    kind === 'device' ? await authority.taken.device(id) : await authority.taken.organisation(id);
  const statement = keys[0]?.said.statement;
  if (!statement) {
    throw new RegistryError('NOT_FOUND', `no ${kind} ${id} is registered here.`);
  }
  const certifier = isKind(statement, 'organisation') ? statement.body.certifier : registrantOf(id);
  const body = isKind(statement, 'organisation') || isKind(statement, 'device') ? statement.body : undefined;
  if (!body?.pseudonym || certifier === null) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${kind} ${id} is not registered under a pseudonym: nothing of it is withheld.`,
    );
  }
  return { pseudonym: body.pseudonym, certifier, body };
}
