import { judgeAnswer } from '@tracecal/gateway-client/monitor';
import type { Challenge } from '@tracecal/gateway-client/monitor';
import type { Jws } from '@tracecal/core/model';
import { randomBytes } from 'node:crypto';
import { requireRequestTopic } from './allowed.js';
import { atBroker, brokerAddress, jsonOf, requireTopic, subscribed } from './mqtt.js';
import type { Broker } from './mqtt.js';
import { ProbeFailed } from './probe.js';
import type { Answer, Probe, ProbeLimits } from './probe.js';

/** Where an instrument is asked to sign, and where it answers. */
export interface ChallengePlace {
  /** It ends in `/probe/request`. */
  readonly request: string;
  readonly answer: string;
}

/** Whose answer it has to be. */
export type Signing = Omit<Challenge, 'nonce'> & {
  /** D-SI unit that the value has to have. */
  readonly unit: string;
};

/** Several signed answers fit into it. */
const MOST_BYTES = 65_536;
const MOST_ANSWERS = 16;
const NONCE_BYTES = 16;

/**
 * Asks an instrument over MQTT to sign a value together with a random nonce. Whoever uses the same broker can publish false and old answers:
 * they are passed over as long as a true one can still come, so nobody else makes an instrument look like a liar by being faster.
 */
export class ChallengeProbe implements Probe {
  readonly address: string;
  readonly #broker: Broker;
  readonly #place: ChallengePlace;
  readonly #signing: Signing;
  readonly #limits: ProbeLimits;

  /** @throws ApplicationError `INPUT_INVALID` unless the request topic is in {@link ALLOWED} */
  constructor(broker: Broker, place: ChallengePlace, signing: Signing, limits: ProbeLimits = {}) {
    this.address = brokerAddress(broker);
    this.#broker = broker;
    this.#place = { request: requireRequestTopic(place.request), answer: requireTopic(place.answer) };
    this.#signing = signing;
    this.#limits = { mostBytes: MOST_BYTES, ...limits };
  }

  async read(): Promise<Answer> {
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const { request, answer } = this.#place;
    let wrong: ProbeFailed | undefined;
    try {
      return await atBroker(this.#broker, this.#limits, async (client) => {
        await subscribed(client, answer);
        const answers = new Promise<Answer>((resolve, reject) => {
          let count = 0;
          client.on('message', (_, payload) => {
            count += 1;
            const judged = this.#judged(payload.toString(), nonce);
            if (!(judged instanceof ProbeFailed)) resolve(judged);
            // An answer that the instrument has signed says more about it than one that anybody wrote.
            else if (wrong?.failure !== 'replayed') wrong = judged;
            if (count >= MOST_ANSWERS) reject(wrong ?? this.#failed('forged', 'no answer is its own'));
          });
        });
        const question = { type: 'tracecal-challenge/1', device: this.#signing.device, nonce };
        await client.publishAsync(request, JSON.stringify(question));
        return await answers;
      });
    } catch (error) {
      throw error instanceof ProbeFailed && error.failure === 'unanswered' && wrong ? wrong : error;
    }
  }

  #judged(text: string, nonce: string): Answer | ProbeFailed {
    const signed = jsonOf(text);
    const judged = judgeAnswer(signed, { ...this.#signing, nonce });
    if (judged.is === 'forged') return this.#failed('forged', 'the answer is not signed by it');
    const { sequence, unit, value, time } = judged.measurement.content;
    if (judged.is === 'replayed') {
      return this.#failed(
        'replayed',
        `the answer is its measurement ${sequence} of ${time}, and holds another nonce or none`,
      );
    }
    if (unit !== this.#signing.unit) {
      return new ProbeFailed(
        'unreadable',
        `${this.#signing.device} answered in ${unit}, not in ${this.#signing.unit}.`,
      );
    }
    const measurement: Jws = judged.measurement.jws;
    return {
      value,
      asked: `${this.#place.request} ${nonce}`,
      answered: judged.measurement.digest,
      signed: { nonce, measurement },
    };
  }

  #failed(failure: 'replayed' | 'forged', says: string): ProbeFailed {
    return new ProbeFailed(failure, `${this.#signing.device} did not prove that it measured: ${says}.`);
  }
}
