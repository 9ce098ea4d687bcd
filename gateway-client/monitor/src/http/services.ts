import {
  QuotaCounts,
  Delegations,
  Observations,
  SlicedData,
  SlicedObservations,
  SlicedRegistry,
} from '../slices/index.js';
import type { Officer, WholeData, WholeRegistry } from '../slices/index.js';
import type { Store } from '../store/index.js';
import type { ApiOptions } from './api.js';
import { StoredAudit } from './audit.js';
import { Authentication } from './authentication.js';

/** What a monitor's API is made of. */
export interface ApiParts {
  /** The id of this monitor, which tokens and delegations name. */
  readonly monitor: string;
  readonly store: Store;
  readonly data: WholeData;
  readonly registry: WholeRegistry;
  readonly officers: readonly Officer[];
  /** The holder (thumbprint of the key) of each client certificate, by SHA-256 in hexadecimal digits. */
  readonly certificates?: ReadonlyMap<string, string>;
  readonly now?: () => number;
}

/** The options of `monitorApi` that are about data. */
export interface SlicedApi extends Pick<ApiOptions, 'services' | 'authentication' | 'charge'> {
  readonly now: () => number;
  /** Removes counts of earlier days: to be called once a day. */
  readonly forgetEarlierDays: () => Promise<void>;
}

/** Puts slices between the API and the monitor's data: the API gets nothing that is whole. */
export function apiServices(parts: ApiParts): SlicedApi {
  const { monitor, store, registry, officers, certificates, now = Date.now } = parts;
  const quotas = new QuotaCounts(store);
  const data = new SlicedData(parts.data, quotas, now);
  const observations = new Observations(store, monitor, now);
  const delegations = new Delegations(store, monitor, officers, now);
  return {
    services: {
      data,
      registry: new SlicedRegistry(registry, data),
      observations: new SlicedObservations(observations, data),
      delegations,
      audit: new StoredAudit(store),
      verify: (bundle) => registry.verify(bundle),
      usedBy: (account) => quotas.usedBy(account, now()),
    },
    authentication: new Authentication(store, delegations, certificates, now),
    charge: ({ accounts }, bytes) => quotas.take(accounts, { bytes }, now()),
    now,
    forgetEarlierDays: async () => {
      await quotas.forgetBefore(now());
      await observations.forgetBefore(now());
    },
  };
}
