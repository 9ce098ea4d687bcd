import {
  canonicalJson,
  FrozenMemo,
  instantOf,
  isUnsound,
  kindOf,
  Memo,
  millisecondsOf,
  parseJson,
  RegistryError,
  statementOf,
} from '../../model/index.js';
import type { Entry, Jws, Registered, Statement, StatementAs, StatementKind } from '../../model/index.js';
import { payloadDigest, payloadText } from '../../signing/index.js';

const DAY_MS = 86_400_000;
const LIMITS = { maxLength: 32_768, maxDepth: 12 };
const statements = new Memo<Statement | RegistryError>(32_768);

/**
 * The signed content in its canonical form: the same content has exactly one text and one digest.
 * @throws RegistryError `SIGNATURE_INVALID`, `JSON_INVALID`, `INPUT_INVALID` or `VERSION_UNKNOWN`
 */
export function readStatement(jws: Jws): Statement {
  const answer = statements.get(jws.payload, () => parse(jws));
  if (answer instanceof RegistryError) {
    throw answer;
  }
  return answer;
}

function parse(jws: Jws): Statement | RegistryError {
  try {
    const text = payloadText(jws);
    const statement = statementOf(parseJson(text, LIMITS));
    if (canonicalJson(statement) !== text) {
      throw new RegistryError(
        'INPUT_INVALID',
        'the statement is not in canonical form (RFC 8785); sign it in that form.',
      );
    }
    return statement;
  } catch (error) {
    if (error instanceof RegistryError) {
      return error;
    }
    throw error;
  }
}

/** A statement of one type, as the ledger holds it. */
export interface Said<Kind extends StatementKind = StatementKind> {
  readonly statement: StatementAs<Kind>;
  readonly entry: Entry;
  /** SHA-256 of what was signed, hex: how others name it. */
  readonly digest: string;
  readonly registered: Registered;
}

/**
 * A statement of this registry and type out of its entry. @throws RegistryError like {@link readStatement}, and
 * `WRONG_REGISTRY` or `TIME_INVALID`
 */
export function said<Kind extends StatementKind>(
  entry: Entry,
  registry: string,
  ...kinds: readonly Kind[]
): Said<Kind> {
  const word = words.get(entry, () => wordOf(entry));
  const { statement } = word;
  const kind = kindOf(statement);
  if (!(kinds as readonly StatementKind[]).includes(kind)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `a statement of type ${kind} stands where ${kinds.join(' or ')} is expected.`,
    );
  }
  if (statement.registry !== registry) {
    throw new RegistryError(
      'WRONG_REGISTRY',
      `the ${kind} was signed for registry "${statement.registry}", not for "${registry}".`,
    );
  }
  return word as unknown as Said<Kind>;
}

const words = new FrozenMemo<Entry, Said>();

function wordOf(entry: Entry): Said {
  const { jws, registered } = entry;
  const statement = readStatement(jws);
  requireNotAhead(statement, registered);
  return { statement, entry, digest: payloadDigest(jws), registered };
}

/** The time of registration is not signed, but it cannot be before the signature. One day of tolerance, because clocks differ. */
function requireNotAhead({ author, date }: Statement, { date: moment }: Registered): void {
  if (date > instantOf(millisecondsOf(moment) + DAY_MS)) {
    throw new RegistryError(
      'TIME_INVALID',
      `the statement of ${author} is dated ${date}, which lies ahead of ${moment}: sign it with the date of the day.`,
    );
  }
}

/**
 * The statements that can be read; the others have no effect.
 * @throws RegistryError `VERSION_UNKNOWN`
 */
export function readable<Kind extends StatementKind>(
  entries: readonly Entry[],
  registry: string,
  ...kinds: readonly Kind[]
): readonly Said<Kind>[] {
  return entries.flatMap((entry) => {
    try {
      return [said(entry, registry, ...kinds)];
    } catch (error) {
      if (isUnsound(error)) {
        return [];
      }
      throw error;
    }
  });
}
