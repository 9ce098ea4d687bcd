import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { Client, InterceptingCall, connectivityState, credentials } from '@grpc/grpc-js';
import type { ClientOptions, Interceptor } from '@grpc/grpc-js';
import type { GatewayEndpoint } from './connectionProfile.js';
import type { Deadline } from './deadline.js';

const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

/**
 * How often a silent peer is pinged during a call, and how long it may take to answer. Fabric peers close connections that
 * ping more than once a minute.
 */
const KEEPALIVE = { askMs: 120_000, answerMs: 10_000 };

/** Waits between attempts to connect. gRPC's own grow to two minutes, and a gateway that is back would seem to be away. */
const RECONNECT = { firstMs: 250, longestMs: 2000 };

/**
 * How long an attempt to connect may take at least before it is given up and made anew: it may wait for a machine that is gone, or for
 * a gateway that accepts connections and then hangs. gRPC for Node would wait forever.
 */
const SHORTEST_ATTEMPT_MS = 2000;

/** The result of an attempt to connect. */
const ENDED = [connectivityState.READY, connectivityState.TRANSIENT_FAILURE, connectivityState.SHUTDOWN];

/** What opens a socket: a gRPC client does not report its sockets, and opens new ones at any time. */
interface Opener {
  readonly sockets: Set<Socket>;
  /** How long a new one may wait for the first byte. */
  readonly attemptMs: number;
}

const opener = new AsyncLocalStorage<Opener>();
let isWatching = false;

/** A connection to an organisation's gateway. Nothing of it remains open after it is closed. */
export class GatewayConnection {
  readonly address: string;
  readonly client: Client;
  readonly #opener: Opener;
  #isClosed = false;

  /** @param callMs - Time of a call: an attempt to connect gets as long. */
  constructor({ address, tlsRoots, tlsHostName }: GatewayEndpoint, callMs: number) {
    watchSockets();
    this.#opener = { sockets: new Set(), attemptMs: Math.max(callMs, SHORTEST_ATTEMPT_MS) };
    const security =
      tlsRoots === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(tlsRoots, 'utf8'));
    const options: ClientOptions = {
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
      'grpc.keepalive_time_ms': KEEPALIVE.askMs,
      'grpc.keepalive_timeout_ms': KEEPALIVE.answerMs,
      'grpc.initial_reconnect_backoff_ms': RECONNECT.firstMs,
      'grpc.max_reconnect_backoff_ms': RECONNECT.longestMs,
      // Its sockets belong to it alone, and end with it.
      'grpc.use_local_subchannel_pool': 1,
      ...(tlsHostName === undefined ? {} : { 'grpc.ssl_target_name_override': tlsHostName }),
      interceptors: [this.#ownSockets],
    };
    this.address = address;
    this.client = new Client(address, security, options);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Resolves once the gateway has answered, or is known to be unreachable; the next call then reports that. Rejects at the
   * deadline, and if this connection is closed.
   */
  ready(deadline: Deadline): Promise<void> {
    const channel = this.client.getChannel();
    return opener.run(
      this.#opener,
      () =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            // Closing changes the state: asking for it then would open the connection again.
            if (this.#isClosed) {
              reject(new Error('The connection is closed.'));
              return;
            }
            const state = channel.getConnectivityState(true);
            if (ENDED.includes(state)) {
              resolve();
              return;
            }
            channel.watchConnectivityState(state, deadline.onCalendar, (error) => {
              if (error) reject(error);
              else look();
            });
          };
          look();
        }),
    );
  }

  /** Ends the connection and every call in progress. */
  close(): void {
    this.#isClosed = true;
    this.client.close();
    // Closing waits for the peer's goodbye. A hanging peer never sends it, and its socket would keep this process alive.
    for (const socket of this.#opener.sockets) {
      socket.destroy();
    }
  }

  readonly #ownSockets: Interceptor = (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start: (metadata, listener, next) => {
        opener.run(this.#opener, () => {
          next(metadata, listener);
        });
      },
    });
}

function watchSockets(): void {
  if (isWatching) {
    return;
  }
  isWatching = true;
  subscribe('net.client.socket', (message) => {
    const own = opener.getStore();
    const { socket } = message as { readonly socket: Socket };
    if (!own) {
      return;
    }
    const { sockets, attemptMs } = own;
    sockets.add(socket);
    const timer = setTimeout(() => {
      if (socket.bytesRead === 0) {
        socket.destroy(new Error(`no byte came back within ${attemptMs / 1000} s`));
      }
    }, attemptMs).unref();
    socket.once('close', () => {
      clearTimeout(timer);
      sockets.delete(socket);
    });
  });
}
