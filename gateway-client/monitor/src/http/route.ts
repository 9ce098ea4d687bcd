import type { z } from 'zod';
import type {
  Authority,
  Delegations,
  Right,
  SlicedData,
  SlicedObservations,
  SlicedRegistry,
  Use,
} from '../slices/index.js';
import type { WholeRegistry } from '../slices/index.js';
import type { AuditLog } from './audit.js';

/** What routes ask. All but the check of a bundle, which asks nobody, takes the slice of the one who asks. */
export interface ApiServices {
  readonly data: SlicedData;
  readonly registry: SlicedRegistry;
  readonly observations: SlicedObservations;
  readonly delegations: Delegations;
  readonly audit: AuditLog;
  readonly verify: WholeRegistry['verify'];
  readonly usedBy: (account: string) => Promise<Use>;
}

/** What came with a request, as it was sent. */
export interface Sent {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

interface Given<P, Q, B, R> {
  /** The operation's name. */
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** With names in braces: `/v1/devices/{device}`. */
  readonly path: string;
  readonly summary: string;
  /** Undefined: everybody who is known may. */
  readonly right?: Right;
  /** Only an officer may. */
  readonly isForOfficers?: boolean;
  /** Whether it changes something. */
  readonly acts: boolean;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** Most bytes of a request. */
  readonly mostBytes?: number;
  readonly response: z.ZodType<R>;
  readonly handle: (services: ApiServices, authority: Authority, input: { params: P; query: Q; body: B }) => Promise<R>;
  /** How many devices an answer is about. */
  readonly devices?: (answer: R) => number;
}

/** An operation of the API. */
export interface Route extends Omit<Given<unknown, unknown, unknown, unknown>, 'handle' | 'devices'> {
  /** Reads what was sent, acts, and lets out only what the description names. */
  readonly answer: (
    services: ApiServices,
    authority: Authority,
    sent: Sent,
  ) => Promise<{ readonly value: unknown; readonly devices: number }>;
}

export function route<P, Q, B, R>({ handle, devices, ...given }: Given<P, Q, B, R>): Route {
  const { params, query, body, response } = given;
  return {
    ...given,
    answer: async (services, authority, sent) => {
      const input = {
        params: params?.parse(sent.params) as P,
        query: query?.parse(sent.query) as Q,
        body: body?.parse(sent.body) as B,
      };
      const value = response.parse(await handle(services, authority, input));
      return { value, devices: devices?.(value) ?? (params ? 1 : 0) };
    },
  };
}
