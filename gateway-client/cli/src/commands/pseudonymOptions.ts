import { FACT_READERS, QUANTITY } from '@tracecal/core/model';
import type { FactReaders } from '@tracecal/core/model';
import { ApplicationError, readFacts } from '@tracecal/gateway-client/application';
import type { PseudonymWish } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { collect } from '../parse.js';

/** Options of the commands that register something under a pseudonym. */
export interface PseudonymOptions {
  readonly pseudonym?: boolean;
  readonly fact?: readonly string[];
  readonly factsFrom?: string;
  readonly scope?: readonly string[];
  readonly otherwise?: FactReaders;
  readonly opening?: string;
}

export function pseudonymOptions(command: Command): Command {
  return command
    .option('--pseudonym', 'register it under a pseudonym, which takes the place of the id; its file alone can open it')
    .option('--fact <name=value>', 'with --pseudonym: another fact to withhold; may be repeated', collect)
    .option(
      '--facts-from <file>',
      'with --pseudonym: a JSON object of facts, so that no command line shows them (-: stdin)',
    )
    .option(
      '--scope <fact=readers>',
      `with --pseudonym: who may learn a fact (${FACT_READERS.join(', ')}); may be repeated`,
      collect,
    )
    .addOption(
      new Option(
        '--otherwise <readers>',
        'with --pseudonym: who may learn facts without a scope (default: parties)',
      ).choices(FACT_READERS),
    )
    .option('--opening <file>', 'with --pseudonym: where its file is kept (default: beside the keys)');
}

/**
 * What is wanted of a pseudonym, with the facts of a file; undefined without one.
 * @throws ApplicationError `USAGE` if an option needs a pseudonym, or an id is given besides
 */
export async function pseudonymWish(
  { pseudonym = false, fact, factsFrom, scope, otherwise, opening }: PseudonymOptions,
  id: string | undefined,
): Promise<PseudonymWish | undefined> {
  if (!pseudonym) {
    const options = { fact, 'facts-from': factsFrom, scope, otherwise, opening };
    const given = Object.entries(options).find(([, value]) => value !== undefined);
    if (given) {
      throw new ApplicationError('USAGE', `--${given[0]} is about a pseudonym: add --pseudonym, or leave it out.`);
    }
    if (id === undefined) {
      throw new ApplicationError('USAGE', 'Give it an id, or register it under a pseudonym with --pseudonym.');
    }
    return undefined;
  }
  if (id !== undefined) {
    throw new ApplicationError('USAGE', `A pseudonym is made by chance and is the id itself: leave out ${id}.`);
  }
  const written = factsFrom === undefined ? {} : await readFacts(factsFrom);
  const facts = pairs('--fact', fact);
  const twice = Object.keys(facts).find((name) => Object.hasOwn(written, name));
  if (twice !== undefined) {
    throw new ApplicationError('USAGE', `${factsFrom} has the fact ${twice} too: give it once.`);
  }
  return {
    facts: { ...written, ...facts },
    scopes: scopesIn(pairs('--scope', scope)),
    otherwise: otherwise ?? 'parties',
    ...(opening !== undefined && { file: opening }),
  };
}

/**
 * What everything of a kind has, from options or, under a pseudonym, from the file of its facts, which has the rest.
 * @throws ApplicationError `USAGE` if one is missing, or is in both
 */
export function withFacts<Name extends string>(
  names: readonly Name[],
  options: Partial<Readonly<Record<Name, string>>>,
  wish: PseudonymWish | undefined,
): { readonly own: Readonly<Record<Name, string>>; readonly wish: PseudonymWish | undefined } {
  const { facts = {} } = wish ?? {};
  const own = names.map((name) => {
    const [given, written] = [options[name], facts[name]];
    if (given !== undefined && written !== undefined) {
      throw new ApplicationError('USAGE', `--${name} is among the facts too: give it once.`);
    }
    const value = given ?? written;
    if (value === undefined) {
      throw new ApplicationError('USAGE', `Give --${name}${wish ? ', or this fact in a file (--facts-from)' : ''}.`);
    }
    return [name, value] as const;
  });
  const others = Object.entries(facts).filter(([name]) => !(names as readonly string[]).includes(name));
  return {
    own: Object.fromEntries(own) as Record<Name, string>,
    wish: wish && { ...wish, facts: Object.fromEntries(others) },
  };
}

/** The value may hold further equals signs. A sentence about one names no value: it may be secret. */
function pairs(option: string, given: readonly string[] = []): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const pair of given) {
    const end = pair.indexOf('=');
    const name = pair.slice(0, Math.max(end, 0));
    if (!QUANTITY.test(name) || end === pair.length - 1) {
      throw new ApplicationError(
        'USAGE',
        `Write ${option} as the name of a fact, an equals sign, and what it is: note=text.`,
      );
    }
    if (found.has(name)) {
      throw new ApplicationError('USAGE', `Give ${option} ${name}=... once.`);
    }
    found.set(name, pair.slice(end + 1));
  }
  return Object.fromEntries(found);
}

function scopesIn(given: Readonly<Record<string, string>>): Readonly<Record<string, FactReaders>> {
  return Object.fromEntries(
    Object.entries(given).map(([fact, readers]) => {
      if (!(FACT_READERS as readonly string[]).includes(readers)) {
        throw new ApplicationError('USAGE', `The scope of ${fact} is one of ${FACT_READERS.join(', ')}.`);
      }
      return [fact, readers as FactReaders];
    }),
  );
}
