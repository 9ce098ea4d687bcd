import { status, type Metadata, type ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Claim, MessageBudget, Turned } from './messageBudget.js';

/** Receive limit of every service: Fabric's own. */
export const MAX_RECEIVE_BYTES = 100 * 1024 * 1024;

/** Prefix of a gRPC message: one byte for compression, four for the length. */
const PREFIX_BYTES = 5;
const NOTHING = Buffer.alloc(0);

const SENTENCES: Readonly<Record<Turned, string>> = {
  full: 'too many messages have come from callers whose signatures are not checked yet: try again in a moment',
  late: 'the message took too long while others waited: send it again',
};

/**
 * An incoming call of grpc-js. The library has no public way to delay a message before it is completely received. So these are private
 * members of the version that package.json names: tests fail if another version differs.
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

/** Makes every message of a server's calls claim room before it is received. */
export function boundedIntake(budget: MessageBudget): ServerInterceptor {
  return (_method, call: unknown) => {
    const incoming = call as IncomingCall;
    intakes.set(incoming.metadata, new Intake(incoming, budget));
    // Return the call itself: the library's own wrapper would cost more than all of this.
    return call as ServerInterceptingCall;
  };
}

/** Marks the signature of a call's messages as checked: they no longer count as untrusted. */
export function signatureChecked(metadata: Metadata): void {
  intakes.get(metadata)?.release();
}

/** The incoming messages of one call. A message without room stays where it is: in its sender's memory. */
class Intake {
  readonly #call: IncomingCall;
  readonly #budget: MessageBudget;
  readonly #take: (chunk: Buffer) => void;
  readonly #takeEnd: () => void;
  #claims: Claim[] = [];
  #waiting: Claim | undefined;
  /** Bytes that came with the prefix of a waiting message. */
  #kept: Buffer = NOTHING;
  #ended = false;
  #prefix: Buffer = NOTHING;
  /** Bytes of a message still to be received. */
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

  /** Releases all room of this call. */
  release(): void {
    const claims = this.#claims;
    this.#claims = [];
    for (const claim of claims) this.#budget.leave(claim);
  }

  #receive(chunk: Buffer): void {
    // Only an ended call is read while it waits: its content is dropped.
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

  /** Length of a chunk's part that has room: all of it, or the part before a waiting body. */
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

  /** Begins the body of a message. Returns whether there is room for it. */
  #begin(prefix: Buffer): boolean {
    this.#prefix = NOTHING;
    this.#missing = prefix.readUInt32BE(1);
    // A message that is too large is refused by its length, and an empty one needs no room.
    if (this.#missing === 0 || this.#missing > MAX_RECEIVE_BYTES) return true;
    // The size of a compressed message is unknown before it is decompressed.
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
    // Resume before the rest is passed on: at the end of a message the library stops reading by itself.
    this.#call.stream.resume();
    this.#receive(kept);
    if (this.#ended && !this.#isWaiting()) this.#takeEnd();
  }

  #refuse(details: string): void {
    const { stream } = this.#call;
    this.#call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details });
    // Close the stream, or the received bytes would stay in memory for as long as the other side wants.
    stream.close(constants.NGHTTP2_NO_ERROR);
  }
}
