import type { Json, Jws } from '@tracecal/core/model';
import { claimedSigners, payloadDigest, payloadText } from '@tracecal/core/signing';
import type { AuditedStatement } from './audit.js';
import { isObject, jsonIn, listIn, partOf, shortened, textIn, wholeIn } from './content.js';

/** A statement as a transaction carries it: read leniently, because refused transactions carry anything. */
export interface ReadStatement extends Omit<AuditedStatement, 'concerns' | 'details'> {
  readonly body: Json;
}

const MOST_CHARACTERS = 65_536;

/** All statements in the argument of a transaction, also those that come with others: acceptances, memberships. */
export function statementsIn(argument: Json | undefined): readonly ReadStatement[] {
  return listIn(argument, 'items').flatMap((item) =>
    [partOf(item, 'statement'), partOf(item, 'acceptance'), ...listIn(item, 'memberships')].flatMap((jws) => {
      const read = statementIn(jws);
      return read ? [read] : [];
    }),
  );
}

function statementIn(value: Json | undefined): ReadStatement | undefined {
  if (!isObject(value) || !isJws(value)) return undefined;
  const jws = value as unknown as Jws;
  const content = contentOf(jws);
  const [, what] = /^tracecal-([a-z-]{1,40})\/\d{1,9}$/.exec(textIn(content, 'type') ?? '') ?? [];
  if (content === undefined || what === undefined) return undefined;
  const text = (...names: readonly string[]) => shortened(textIn(content, ...names) ?? '');
  return {
    what,
    subject: { kind: text('subject', 'kind'), id: text('subject', 'id') },
    author: text('author'),
    number: wholeIn(content, 'number') ?? 0,
    date: text('date'),
    digest: payloadDigest(jws),
    signers: claimedSigners(jws).flatMap((signer) => (signer === null ? [] : [shortened(signer)])),
    body: partOf(content, 'body') ?? null,
  };
}

function isJws(value: Json): boolean {
  const payload = textIn(value, 'payload');
  return (
    payload !== undefined &&
    payload.length <= MOST_CHARACTERS &&
    Array.isArray(partOf(value, 'signatures')) &&
    listIn(value, 'signatures').every((each) => typeof textIn(each, 'protected') === 'string')
  );
}

function contentOf(jws: Jws): Json | undefined {
  try {
    return jsonIn(payloadText(jws));
  } catch {
    return undefined;
  }
}
