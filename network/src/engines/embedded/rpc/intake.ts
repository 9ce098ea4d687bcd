import { status, type Metadata, type ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Claim, MessageBudget, Turned } from './messageBudget.js';

/** Receive limit of every service: Fabric's own. */
export const MAX_RECEIVE_BYTES = 100 * 1024 * 1024;

/** A gRPC message is preceded by a byte that says whether it is compressed and four that say how long it is. */
const PREFIX_BYTES = 5;
const NOTHING = Buffer.alloc(0);

const SENTENCES: Readonly<Record<Turned, string>> = {
  full: 'too many messages have come from callers whose signatures are not checked yet: try again in a moment',
  late: 'the message took too long while others waited: send it again',
};

/**
 * A call of grpc-js on its way in. The library has no public way to hold a message back before it has taken it in as a whole, so
 * these are its own members, of the version that package.json names: tests fail where another one has others.
 */
interface IncomingCall {
  readonly stream: ServerHttp2Stream;
  readonly metadata: Metadata;
  handleDataFrame(chunk: Buffer): void;
  handleEndEvent(): void;
  startRead(): void;
  sendStatus(status: { code: status; details: string }): void;
}

const intakes = new WeakMap<Metadata, Intake>();

/** Has every message of a server's calls ask for room before it is taken in. */
export function boundedIntake(budget: MessageBudget): ServerInterceptor {
  return (_method, call: unknown) => {
    const incoming = call as IncomingCall;
    intakes.set(incoming.metadata, new Intake(incoming, budget));
    // The call itself: the library's own wrapper would cost every call more than all of this.
    return call as ServerInterceptingCall;
  };
}

/** Says that the signature on everything that has come in on a call is good: it is not a stranger's any more. */
export function signatureChecked(metadata: Metadata): void {
  intakes.get(metadata)?.release();
}

/** What comes in on one call. A message for which there is no room stays where it is: in its sender's memory. */
class Intake {
  readonly #call: IncomingCall;
  readonly #budget: MessageBudget;
  readonly #take: (chunk: Buffer) => void;
  readonly #takeEnd: () => void;
  #claims: Claim[] = [];
  #waiting: Claim | undefined;
  /** What came with the prefix of a message that waits. */
  #kept: Buffer = NOTHING;
  #ended = false;
  #prefix: Buffer = NOTHING;
  /** Bytes of a message that are still to come. */
  #missing = 0;

  constructor(call: IncomingCall, budget: MessageBudget) {
    this.#call = call;
    this.#budget = budget;
    this.#take = call.handleDataFrame.bind(call);
    this.#takeEnd = call.handleEndEvent.bind(call);
    const startRead = call.startRead.bind(call);
    call.handleDataFrame = (chunk) => {
      this.#receive(chunk);
    };
    call.handleEndEvent = () => {
      if (this.#waiting) this.#ended = true;
      else this.#takeEnd();
    };
    call.startRead = () => {
      startRead();
      if (this.#waiting) call.stream.pause();
    };
    call.stream.once('close', () => {
      this.release();
      if (this.#waiting) budget.leave(this.#waiting);
    });
  }

  /** Gives all room back that this call has. */
  release(): void {
    const claims = this.#claims;
    this.#claims = [];
    for (const claim of claims) this.#budget.leave(claim);
  }

  #receive(chunk: Buffer): void {
    // Only a call that is over is read on while it waits: nothing of it is wanted any more.
    if (this.#waiting) return;
    const end = this.#endOfRoom(chunk);
    this.#take(end === chunk.length ? chunk : chunk.subarray(0, end));
    if (!this.#isWaiting()) return;
    this.#kept = chunk.subarray(end);
    this.#call.stream.pause();
  }

  #isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** How much of a chunk there is room for: all of it, or what is before the body that has to wait. */
  #endOfRoom(chunk: Buffer): number {
    for (let at = 0; ;) {
      const body = Math.min(this.#missing, chunk.length - at);
      this.#missing -= body;
      at += body;
      const wanted = PREFIX_BYTES - this.#prefix.length;
      const part = chunk.subarray(at, at + wanted);
      at += part.length;
      this.#prefix = this.#prefix.length === 0 ? part : Buffer.concat([this.#prefix, part]);
      if (part.length < wanted) return at;
      if (!this.#begin(this.#prefix)) return at;
    }
  }

  /** The body of a message is to come. Whether there is room for it. */
  #begin(prefix: Buffer): boolean {
    this.#prefix = NOTHING;
    this.#missing = prefix.readUInt32BE(1);
    // What is too large is refused by its length, and of what is empty there is nothing.
    if (this.#missing === 0 || this.#missing > MAX_RECEIVE_BYTES) return true;
    // Nobody knows what a compressed one becomes.
    return this.#enter(prefix[0] === 0 ? this.#missing : MAX_RECEIVE_BYTES);
  }

  #enter(bytes: number): boolean {
    const claim: Claim = {
      bytes,
      granted: () => {
        this.#goOn(claim);
      },
      refused: (why) => {
        this.#refuse(SENTENCES[why]);
      },
    };
    this.#waiting = claim;
    if (!this.#budget.enter(claim)) return false;
    this.#waiting = undefined;
    this.#claims.push(claim);
    return true;
  }

  #goOn(claim: Claim): void {
    this.#waiting = undefined;
    this.#claims.push(claim);
    const kept = this.#kept;
    this.#kept = NOTHING;
    // Before the rest is taken: with the end of a message the library stops reading by itself.
    this.#call.stream.resume();
    this.#receive(kept);
    if (this.#ended && !this.#isWaiting()) this.#takeEnd();
  }

  #refuse(details: string): void {
    const { stream } = this.#call;
    this.#call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details });
    // Or what has come in would be held for as long as the other side likes.
    stream.close(constants.NGHTTP2_NO_ERROR);
  }
}
