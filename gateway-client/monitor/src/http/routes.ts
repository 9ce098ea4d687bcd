import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';
import { instantOf } from '@tracecal/core/model';
import { z } from 'zod';
import type { Authority, GivenDelegation, PageOf, Paged } from '../slices/index.js';
import { auditSchema } from './audit.js';
import { DEVICE_ROUTES } from './deviceRoutes.js';
import { route } from './route.js';
import type { ApiServices, Route } from './route.js';
import * as shapes from './shapes.js';

/** Most bytes of a statement in a request. */
const MOST_STATEMENT_BYTES = 2_097_152;

/** All operations of the API. The description at /openapi.json is made of them. */
export const ROUTES: readonly Route[] = [
  route({
    id: 'getMe',
    method: 'GET',
    path: '/v1/me',
    summary: 'What the one who asks sees and may do, and what is used of the quotas today',
    acts: false,
    response: shapes.me,
    handle: async ({ usedBy }, { holder, slice, delegation, until, accounts }) => ({
      holder: holder.id,
      name: holder.name,
      slice,
      ...(delegation !== undefined && { delegation }),
      ...(until !== undefined && { until: instantOf(until) }),
      used: await usedBy(accounts.at(-1)?.id ?? ''),
    }),
  }),
  ...DEVICE_ROUTES,
  route({
    id: 'issue',
    method: 'POST',
    path: '/v1/reports',
    summary: 'Registers a signed calibration report of a device, with its results',
    right: 'issue',
    acts: true,
    body: shapes.submission,
    mostBytes: MOST_STATEMENT_BYTES,
    response: shapes.registered,
    handle: ({ registry }, asker, { body }) => registry.issue(asker, shapes.itemOf(body)),
    devices: () => 1,
  }),
  route({
    id: 'accept',
    method: 'POST',
    path: '/v1/acceptances',
    summary: "Registers an owner's signed acceptance of a report",
    right: 'issue',
    acts: true,
    body: shapes.submission,
    mostBytes: MOST_STATEMENT_BYTES,
    response: shapes.registered,
    handle: ({ registry }, asker, { body }) => registry.accept(asker, shapes.itemOf(body)),
    devices: () => 1,
  }),
  route({
    id: 'verify',
    method: 'POST',
    path: '/v1/verifications',
    summary: 'Checks a proof bundle by itself; no ledger is asked',
    right: 'read',
    acts: false,
    body: shapes.bundle,
    mostBytes: MOST_BUNDLE_BYTES,
    response: shapes.verifiedBundle,
    handle: ({ verify }, _asker, { body }) => verify(body.bundle),
  }),
  route({
    id: 'listDelegations',
    method: 'GET',
    path: '/v1/delegations',
    summary: 'What was given on from what the one who asks has',
    right: 'delegate',
    acts: false,
    query: shapes.page,
    response: shapes.pagesOf(shapes.givenDelegation),
    handle: (services, authority, { query }) => delegationsBelow(services, authority, query),
  }),
  route({
    id: 'delegate',
    method: 'POST',
    path: '/v1/delegations',
    summary: 'Takes in a delegation: a compact JWS by the key of the one who asks',
    right: 'delegate',
    acts: true,
    body: z.strictObject({ delegation: shapes.signed }),
    response: z.object({ digest: shapes.digest }),
    handle: async ({ delegations }, authority, { body }) => ({
      digest: await delegations.add(body.delegation, authority),
    }),
  }),
  route({
    id: 'revoke',
    method: 'POST',
    path: '/v1/revocations',
    summary: 'Ends a delegation and all below it for good: a compact JWS by its holder, one above, or an officer',
    acts: true,
    body: z.strictObject({ revocation: shapes.signed }),
    response: z.object({ digest: shapes.digest }),
    handle: async ({ delegations }, authority, { body }) => ({
      digest: await delegations.revoke(body.revocation, authority),
    }),
  }),
  route({
    id: 'listAudit',
    method: 'GET',
    path: '/v1/audit',
    summary: "Requests of the operator's users, oldest first: for officers",
    isForOfficers: true,
    acts: false,
    query: shapes.page,
    response: shapes.pagesOf(auditSchema),
    handle: ({ audit }, { slice }, { query }) => audit.read(slice.operator, query),
  }),
];

async function delegationsBelow(
  { delegations }: ApiServices,
  authority: Authority,
  { after, limit }: PageOf,
): Promise<Paged<GivenDelegation>> {
  const items: GivenDelegation[] = [];
  for await (const given of delegations.below(authority, after)) {
    const last = items.at(-1);
    if (items.length === limit && last) return { items, next: last.digest };
    items.push(given);
  }
  return { items };
}
