import type { Listed, ListedKind, Page } from '@tracecal/core/contracts';
import { IDENTIFIER, parseAs, registrantOf } from '@tracecal/core/model';
import { Grounds, Opener, readable, registryOf, said } from '@tracecal/core/open';
import { keys, nameOfKey } from '@tracecal/core/registry';
import type { Key } from '@tracecal/core/registry';
import { inForce } from '@tracecal/core/trace';
import { z } from 'zod';
import { identifier, pageSize, QUESTION_LIMITS } from '../contract/index.js';
import type { StateReader } from './state.js';

const KINDS = ['organisation', 'person', 'device', 'report'] as const satisfies readonly ListedKind[];

const schema = z
  .strictObject({
    kind: z.enum(KINDS),
    registrant: identifier.optional(),
    owner: identifier.optional(),
    pageSize,
    /** The last id of the page before. */
    bookmark: z.union([z.literal(''), z.string().regex(IDENTIFIER, 'must be an id')]).default(''),
  })
  .refine(({ kind, owner }) => owner === undefined || kind === 'device', 'only devices have an owner')
  .refine(({ registrant, owner }) => registrant === undefined || owner === undefined, 'give a registrant or an owner')
  .refine(
    ({ kind, registrant }) => registrant === undefined || kind !== 'organisation',
    'nobody registers organisations',
  );

type Question = z.infer<typeof schema>;

/**
 * The registered subjects of a kind, by id: all, those that one organisation registered, or the devices of an owner. The
 * cost depends on what is shown: a page starts in the middle of an index.
 */
export async function listRegistered(state: StateReader, json: string): Promise<Page<Listed>> {
  const wanted = parseAs<Question>(schema, 'question', json, QUESTION_LIMITS);
  const { ids, bookmark } = await listedIds(state, wanted);
  await state.readAhead(ids.map((id) => keys[wanted.kind](id)));
  const opener = new Opener(new Grounds(state, state.now));
  const items: Listed[] = [];
  for (const id of ids) {
    const listed = await listedOf[wanted.kind](state, opener, id);
    items.push(...(listed ? [listed] : []));
  }
  return { items, bookmark };
}

/** The ids of a page. */
export async function listedIds(state: StateReader, { kind, registrant, owner, pageSize: size, bookmark }: Question) {
  const [prefix, keyOf]: [Key, (id: string) => Key] =
    owner === undefined ? [keys.all(kind), keys[kind]] : [keys.owners(owner), (id) => keys.owner(owner, id)];
  const own = registrant === undefined ? '' : `${registrant}/`;
  // The list begins where its own ids begin, if the bookmark is before them.
  const from = bookmark > own ? bookmark : own;
  // Reads one more than is shown: the next page starts with it.
  const page = await state.page<unknown>(prefix, size + 1, from === '' ? '' : nameOfKey(keyOf(from)));
  const found = page.items.map(({ rest: [id = ''] }) => id);
  const ids = found.filter((id) => id > bookmark && id.startsWith(own)).slice(0, size);
  const isLast = found.length <= size || !(found.at(-1) ?? '').startsWith(own);
  return { ids, bookmark: isLast && ids.length < size ? '' : (ids.at(-1) ?? '') };
}

/** The description of each subject in a list; undefined if no valid statement exists. */
const listedOf: Readonly<
  Record<ListedKind, (state: StateReader, opener: Opener, id: string) => Promise<Listed | undefined>>
> = {
  async organisation(state, opener, id) {
    const open = await opener.organisation(id);
    if (!open) {
      return undefined;
    }
    const { kind, name, country, certifier, pseudonym } = open.membership.body;
    const impediment = inForce(open.impediments, state.now) ?? null;
    return { id, kind, name, country, certifier, ...(pseudonym && { pseudonymous: true as const }), impediment };
  },

  async person(state, opener, id) {
    const [open, record] = [await opener.person(id), await state.person(id)];
    const last = record && readable(record.authorisations, await registryOf(state), 'authorisation').at(-1);
    if (!open || !last) {
      return undefined;
    }
    const { role, quantities } = last.statement.body;
    const impediment = inForce(open.impediments, state.now) ?? null;
    return { id, organisation: registrantOf(id), role, quantities, impediment };
  },

  async device(state, opener, id) {
    const open = await opener.device(id);
    if (!open) {
      return undefined;
    }
    const { kind, serial, model, manufacturer, pseudonym } = open.imprint.body;
    const impediment = inForce(open.impediments, state.now) ?? null;
    return {
      ...{ id, kind, serial, model, manufacturer, owner: open.owner },
      ...(pseudonym && { pseudonymous: true as const }),
      organisation: registrantOf(id),
      impediment,
    };
  },

  async report(state, opener, id) {
    const record = await state.report(id);
    if (!record) {
      return undefined;
    }
    const { device, technician, performed, issued, results } = said(record.statement, await registryOf(state), 'report')
      .statement.body;
    const citation = await opener.citation({ device, report: id });
    const impediments = 'cited' in citation ? citation.cited.impediments : [];
    return {
      ...{ id, organisation: registrantOf(id), device, technician, performed, issued },
      quantities: results.map(({ quantity }) => quantity),
      supersededBy: record.supersededBy,
      impediment: inForce(impediments, state.now) ?? null,
    };
  },
};
