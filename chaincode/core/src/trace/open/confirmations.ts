import type { Entry, StatementOf } from '../../model/index.js';
import { bearing, useAt } from '../impediments.js';
import type { CertificationChain } from './opened.js';
import type { Opener } from './opener.js';
import { readable } from './statement.js';
import type { Said } from './statement.js';

/**
 * Why an organisation is not independent of others: it is one of them, is certified by one of them, an organisation below the
 * institutes certifies both, or they are one member under two names. Nobody can tell whose friend a pseudonym is, or whoever stands below
 * one: so it is everybody's. Undefined if it is independent.
 */
export async function friendship(
  opener: Opener,
  organisation: string,
  others: readonly string[],
): Promise<string | undefined> {
  const own = await opener.certification(organisation);
  for (const other of new Set(others)) {
    if (idsIn(own).includes(other)) {
      return organisation === other ? `${other} is concerned itself.` : `${organisation} is certified by ${other}.`;
    }
    const theirs = await opener.certification(other);
    const hidden = pseudonymIn(own) ?? pseudonymIn(theirs);
    if (hidden !== undefined) {
      return `${hidden} is registered under a pseudonym, so nobody can tell of whom it is independent.`;
    }
    const shared = sharedBelow(own, theirs);
    if (shared !== undefined) {
      return `${organisation} and ${other} are both certified by ${shared}.`;
    }
    const msp = mspsIn(own).find((id) => mspsIn(theirs).includes(id));
    if (msp !== undefined) {
      return `${organisation} and ${other} both act through ${msp}.`;
    }
  }
  return undefined;
}

/**
 * Two organisations that imported the original of a transcription, confirmed that it is equal and are in good standing today. They are
 * independent of one another, of the transcriber and of all owners of the device. Empty if no organisation did.
 *
 * @param trusted The institutes that the asker trusts; null: all. Nobody is asked for leave to confirm, so the word of those below others
 * must neither help nor harm.
 */
export async function confirmersOf(
  opener: Opener,
  report: Said<'report'>,
  owners: readonly string[],
  entries: readonly Entry[],
  trusted: ReadonlySet<string> | null = null,
): Promise<readonly string[]> {
  const able: string[] = [];
  for (const word of (await lastConfirmations(opener, report, entries)).values()) {
    const { author } = word.statement;
    const isHeard = trusted === null || trusted.has(await opener.instituteAbove(author));
    const isOurs = isHeard && word.statement.body.equal && (await isSound(opener, word));
    if (isOurs && (await friendship(opener, author, [report.statement.author, ...owners])) === undefined) {
      able.push(author);
    }
  }
  return strangersAmong(opener, able);
}

/** The first two organisations that are independent of one another; empty if there are none. */
export async function strangersAmong(opener: Opener, able: readonly string[]): Promise<readonly string[]> {
  for (const [place, one] of able.entries()) {
    for (const other of able.slice(place + 1)) {
      if (await areStrangers(opener, one, other)) {
        return [one, other];
      }
    }
  }
  return [];
}

/** Each organisation's last statement about this report and this file. */
async function lastConfirmations(
  opener: Opener,
  { statement: { subject, body }, digest }: Said<'report'>,
  entries: readonly Entry[],
): Promise<ReadonlyMap<string, Said<'confirmation'>>> {
  const words = readable(entries, await opener.registry(), 'confirmation');
  return lastOfEach(
    words,
    (each) =>
      each.subject.id === subject.id &&
      each.body.digest === digest &&
      each.body.certificateSha256 === body.certificateSha256,
  );
}

/**
 * Each organisation's last statement of those that are meant. Reads all of them, because one that is left out could be a withdrawal. The
 * registry limits their number.
 */
export function lastOfEach<Kind extends 'confirmation' | 'vouching'>(
  words: readonly Said<Kind>[],
  isMeant: (statement: StatementOf<Kind>) => boolean,
): ReadonlyMap<string, Said<Kind>> {
  const last = new Map<string, Said<Kind>>();
  for (const word of words) {
    const { author, number } = word.statement;
    if (isMeant(word.statement) && number > (last.get(author)?.statement.number ?? -1)) {
      last.set(author, word);
    }
  }
  return last;
}

/** Whether its author and those above it are in good standing today, and the statement is signed by those whose word it needs. */
export async function isSound(opener: Opener, word: Said<'confirmation' | 'vouching'>): Promise<boolean> {
  const { organisations, missing } = await opener.certification(word.statement.author);
  const use = useAt(word.registered.date);
  const isStanding = organisations.every(
    ({ impediments, flaws }) => flaws.length === 0 && bearing(impediments, opener.moment, use, 'signer') === undefined,
  );
  return missing === null && isStanding && (await opener.flawsOf(word)).length === 0;
}

async function areStrangers(opener: Opener, one: string, other: string): Promise<boolean> {
  return (
    (await friendship(opener, one, [other])) === undefined && (await friendship(opener, other, [one])) === undefined
  );
}

function idsIn({ organisations }: CertificationChain): readonly string[] {
  return organisations.map(({ id }) => id);
}

/** An organisation in the chain of which nobody knows who it is. */
function pseudonymIn({ organisations }: CertificationChain): string | undefined {
  return organisations.find(({ membership }) => membership.body.pseudonym !== undefined)?.id;
}

/** Organisations below the institutes that are in both chains. */
function sharedBelow(one: CertificationChain, other: CertificationChain): string | undefined {
  const below = one.organisations.filter(({ kind }) => kind !== 'NMI').map(({ id }) => id);
  return idsIn(other).find((id) => below.includes(id));
}

/** The MSPs through which an organisation acts, and those below the institutes that certify it. */
function mspsIn({ organisations }: CertificationChain): readonly string[] {
  return organisations
    .filter(({ kind }, place) => place === 0 || kind !== 'NMI')
    .map(({ membership }) => membership.body.mspId);
}
